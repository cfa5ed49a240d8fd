// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.instance;

import java.io.PrintStream;

/**
 * Tells whoever started the process how the start goes.
 * Thread: main.
 *
 * <p>{@code start-fg}: lines on standard error. {@code start}: the launcher script reads standard output, passes each
 * line on, and ends well when it sees {@link #READY} alone on one, or badly when the output ends without. After that
 * nobody reads it any more, so it is closed; the JDK puts /dev/null in its place.
 */
final class StartReport {
    /** The launcher script knows it too. */
    static final String READY = "READY";

    private static final String NAME = "postfix/postfix-script";

    private final PrintStream out;
    private final boolean isHandshake;

    StartReport(PrintStream out, boolean isHandshake) {
        this.out = out;
        this.isHandshake = isHandshake;
    }

    void info(String text) {
        print(NAME + ": " + text);
    }

    void warning(String text) {
        print(NAME + ": warning: " + text);
    }

    void fatal(String text) {
        print(NAME + ": fatal: " + text);
    }

    private void print(String line) {
        out.println(line);
        out.flush();
    }

    void ready() {
        if (isHandshake) {
            print(READY);
            out.close();
        }
    }
}
