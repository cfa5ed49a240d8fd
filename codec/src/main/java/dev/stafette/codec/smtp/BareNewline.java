// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.smtp;

/** What a server makes of LF without CR (smtpd_forbid_bare_newline; RFC 5321 §2.3.8, CVE-2023-51764). */
public enum BareNewline {
    /** Any line end will do, also around the dot that ends a message: open to smuggling. */
    NO,
    /** A bare LF ends a line, but only CR LF dot CR LF ends a message. */
    NORMALIZE,
    /** As {@code NORMALIZE}, and the session logs it. */
    NOTE,
    /** As {@code NORMALIZE}, and the session refuses what had a bare LF in it. */
    REJECT;

    /** Only CR LF dot CR LF ends a message. */
    public boolean needsStandardEnd() {
        return this != NO;
    }
}
