// SPDX-License-Identifier: Apache-2.0
/**
 * The SMTP server (RFC 5321 §4, 1870, 2034, 2920, 3030, 3461, 6152, 6531): listeners, one session a connection, one row
 * a command. It says what Postfix's smtpd says, and bounds whatever a client may send.
 *
 * <p>Thread: event loop; a session lives on the loop of its connection, and what sessions share on a loop is that loop's.
 * It refuses to know how mail is stored, scheduled and delivered: a message ends with
 * {@link dev.stafette.engine.intake.MessageIntake}.
 *
 * <p>In Postfix: smtpd(8); the counts of clients are those of anvil(8), the limits of sessions those of master(8).
 */
@NullMarked
package dev.stafette.engine.smtp;

import org.jspecify.annotations.NullMarked;
