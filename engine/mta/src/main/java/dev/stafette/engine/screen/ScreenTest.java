// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

/**
 * What a client is tested for.
 * Thread: any (constants).
 */
enum ScreenTest {
    /** It speaks before it is greeted. */
    PREGREET,
    /** It is in a DNS list. */
    DNSBL,
    /** It does not wait for a reply. */
    PIPELINING,
    /** It speaks another protocol. */
    NON_SMTP_COMMAND,
    /** It ends a line with LF alone. */
    BARE_NEWLINE;

    /** In sets of tests. */
    int bit() {
        return 1 << ordinal();
    }

    /** Before the greeting. */
    static final int EARLY = PREGREET.bit() | DNSBL.bit();

    /** After it. */
    static final int DEEP = PIPELINING.bit() | NON_SMTP_COMMAND.bit() | BARE_NEWLINE.bit();
}
