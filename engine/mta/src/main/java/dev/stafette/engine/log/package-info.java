// SPDX-License-Identifier: Apache-2.0
/**
 * The mail log: one method an event, the wording of each fixed in {@link dev.stafette.engine.log.MailLog} and the same as
 * Postfix's, so that pflogsumm and the like keep working.
 *
 * <p>Thread: any may log; a line is formatted by the thread that logs it and handed over through a ring to {@code log},
 * which alone writes the file. Nothing waits for the file: when it cannot keep up, lines are lost, and their number is
 * logged. It refuses to know who logs and why.
 *
 * <p>In Postfix: postlogd(8), and the library that all daemons log with.
 */
@NullMarked
package dev.stafette.engine.log;

import org.jspecify.annotations.NullMarked;
