// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

/** The verbs a server tells apart (RFC 5321 §4.1.1, 3030, 3207, 4954, 1985); the ordinal indexes dispatch tables and counters. */
public enum SmtpVerb {
    EHLO,
    HELO,
    MAIL,
    RCPT,
    DATA,
    BDAT,
    RSET,
    NOOP,
    VRFY,
    HELP,
    QUIT,
    ETRN,
    STARTTLS,
    AUTH,
    XCLIENT,
    XFORWARD,
    /** Anything else. */
    UNKNOWN
}
