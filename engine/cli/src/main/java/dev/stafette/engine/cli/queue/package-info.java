// SPDX-License-Identifier: Apache-2.0
/**
 * Commands that look into the queue and change it: postqueue, mailq, postsuper, postcat, qshape. Thread: main.
 */
@NullMarked
package dev.stafette.engine.cli.queue;

import org.jspecify.annotations.NullMarked;
