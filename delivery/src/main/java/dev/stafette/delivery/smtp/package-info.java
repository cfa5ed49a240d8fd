// SPDX-License-Identifier: Apache-2.0
/**
 * The client of SMTP and LMTP (RFC 5321 §3.3, §4.5.4, 1870, 2033, 2920, 3461, 6152, 6531): sessions, their reuse, and what a reply or a
 * broken connection means for a recipient.
 *
 * <p>A destination belongs to one event loop, and with it its sessions, attempts and DNS answers; nothing is shared
 * between loops. It refuses to know when to try again: that is the scheduler's.
 */
@NullMarked
package dev.stafette.delivery.smtp;

import org.jspecify.annotations.NullMarked;
