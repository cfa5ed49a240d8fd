// SPDX-License-Identifier: Apache-2.0
/**
 * Commands that look into the queue and change it: postqueue(1), mailq(1), postsuper(1), postcat(1), qshape(1).
 * Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.queue;

import org.jspecify.annotations.NullMarked;
