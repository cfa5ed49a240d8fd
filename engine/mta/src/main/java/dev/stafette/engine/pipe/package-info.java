// SPDX-License-Identifier: Apache-2.0
/**
 * Programs that rows of master.cf name: those that get messages, and those that answer on a socket. Postfix's pipe(8) and
 * spawn(8).
 *
 * <p>Thread: a program has one that waits for it. It refuses to know how a program becomes another user's.
 */
@NullMarked
package dev.stafette.engine.pipe;

import org.jspecify.annotations.NullMarked;
