// SPDX-License-Identifier: Apache-2.0
/**
 * Milters: programs that look at mail while it comes in, command by command and then in whole, and that may refuse it, hold it
 * or change it. A milter has one connection for a client's session, and one for a message that no client brings, for which the
 * session is made up.
 *
 * <p>Thread: event loop of the session or the message; a large message is read back by a worker. It refuses to know sessions of
 * SMTP: those say what has happened, hear what a milter makes of it, and give their macros.
 *
 * <p>In Postfix: the milter part of smtpd(8) and cleanup(8).
 */
@NullMarked
package dev.stafette.engine.milter;

import org.jspecify.annotations.NullMarked;
