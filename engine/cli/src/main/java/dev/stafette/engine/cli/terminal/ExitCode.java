// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

/**
 * What commands end with: the codes of sysexits.h, which Postfix's callers look at.
 * Thread: any (constants).
 */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    /** EX_USAGE. */
    public static final int USAGE = 64;
    /** EX_UNAVAILABLE: the mail system is down. */
    public static final int UNAVAILABLE = 69;
    /** EX_SOFTWARE. */
    public static final int SOFTWARE = 70;
    /** EX_TEMPFAIL. */
    public static final int TRY_AGAIN = 75;

    private ExitCode() {}
}
