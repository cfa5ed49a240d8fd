// SPDX-License-Identifier: Apache-2.0
/**
 * What the postmaster is told besides the log (notify_classes), in which Postfix's smtpd(8), smtp(8) and bounce(8) agree: who
 * is written to, and from an address that nothing ever goes back to.
 *
 * <p>Thread: any. It refuses to know how such a letter comes into the queue.
 */
@NullMarked
package dev.stafette.engine.notice;

import org.jspecify.annotations.NullMarked;
