// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

/**
 * What commands end with: the codes of sysexits.h, which Postfix's callers look at.
 * Thread: any (constants).
 */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    /** EX_USAGE. */
    static final int USAGE = 64;
    /** EX_UNAVAILABLE: the mail system is down. */
    static final int UNAVAILABLE = 69;
    /** EX_SOFTWARE. */
    static final int SOFTWARE = 70;
    /** EX_TEMPFAIL. */
    static final int TRY_AGAIN = 75;

    private ExitCode() {}
}
