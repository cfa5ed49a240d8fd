// SPDX-License-Identifier: Apache-2.0
/**
 * Programs that are given a message: their words, environment and working directory, how long they may take and how much
 * they may say, and what their end means for the delivery. Postfix's pipe_command(3), exec_command(3) and sys_exits(3).
 *
 * <p>Thread: the caller's, which waits for the program. It refuses to know where a command's words come from.
 */
@NullMarked
package dev.stafette.delivery.command;

import org.jspecify.annotations.NullMarked;
