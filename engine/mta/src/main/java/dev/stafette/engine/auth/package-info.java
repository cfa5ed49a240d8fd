// SPDX-License-Identifier: Apache-2.0
/**
 * Who checks that a client is whom it says it is: Dovecot's auth by its own protocol (1.1), as smtpd(8) asks it with
 * {@code smtpd_sasl_type = dovecot}, or a password file of our own, in the place of Cyrus' saslauthd and sasldb.
 *
 * <p>Thread: event loop of whoever asks; no exchange blocks it, and each has an answer within bounded time. The package
 * refuses to know SMTP: it hears a mechanism and base64, and says a challenge, a name, or why not (RFC 4422 §3).
 */
@NullMarked
package dev.stafette.engine.auth;

import org.jspecify.annotations.NullMarked;
