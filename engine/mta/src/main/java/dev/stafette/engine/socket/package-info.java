// SPDX-License-Identifier: Apache-2.0
/**
 * Sockets in the file system, by which local programs talk to the process.
 *
 * <p>Thread: any. It refuses to know what is said over them.
 *
 * <p>In Postfix: what master(8) does with the sockets of its services, as those of showq(8) and pickup(8).
 */
@NullMarked
package dev.stafette.engine.socket;

import org.jspecify.annotations.NullMarked;
