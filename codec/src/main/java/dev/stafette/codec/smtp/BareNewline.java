// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

/** The bare LF policy (smtpd_forbid_bare_newline; RFC 5321 §2.3.8, CVE-2023-51764). */
public enum BareNewline {
    /** LF is accepted as a line end, also around the final dot: open to SMTP smuggling. */
    NO,
    /** A bare LF ends a line, but only CR LF dot CR LF ends a message. */
    NORMALIZE,
    /** As {@code NORMALIZE}, and the session logs it. */
    NOTE,
    /** As {@code NORMALIZE}, and the session rejects a command or message with a bare LF. */
    REJECT;

    /** Only CR LF dot CR LF ends a message. */
    public boolean needsStandardEnd() {
        return this != NO;
    }
}
