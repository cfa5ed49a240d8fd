// SPDX-License-Identifier: Apache-2.0
/**
 * What the postmaster is told besides the log (notify_classes), in which Postfix's smtpd(8), smtp(8) and bounce(8) agree: who
 * is written to, from an address that nothing ever goes back to, and what was said in a session that went wrong.
 *
 * <p>Thread: any, but for {@code Postmaster}, which belongs to event loops. It refuses to know what is wrong in a session.
 */
@NullMarked
package dev.stafette.engine.notice;

import org.jspecify.annotations.NullMarked;
