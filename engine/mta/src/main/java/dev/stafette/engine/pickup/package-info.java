// SPDX-License-Identifier: Apache-2.0
/**
 * Mail that programs of this machine hand in: the files of {@code maildrop/}, how a command writes them, whether the mail
 * system runs or not, and how the process takes them into the queue.
 *
 * <p>Thread: the writing half is for commands and waits for the disk; {@code Pickup} has a thread of its own for files, and
 * the content goes through intake on an event loop. It refuses to know command lines and header lists.
 *
 * <p>In Postfix: pickup(8), and the files that postdrop(1) writes for it.
 */
@NullMarked
package dev.stafette.engine.pickup;

import org.jspecify.annotations.NullMarked;
