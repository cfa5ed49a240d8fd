// SPDX-License-Identifier: Apache-2.0
/**
 * What SASL mechanisms say (RFC 4422): PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195) and SCRAM-SHA-256 (RFC 5802, RFC 7677), as
 * bytes, whichever protocol carries them in base64. smtpd(8) and smtp(8) leave that to Cyrus SASL, or to Dovecot.
 *
 * <p>Thread: that of the session. It refuses to know where passwords are kept.
 */
@NullMarked
package dev.stafette.codec.sasl;

import org.jspecify.annotations.NullMarked;
