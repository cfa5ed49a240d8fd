// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.io.PrintStream;

/**
 * A line that is written over while something goes on, where the output is a terminal; nothing elsewhere.
 * Thread: main.
 */
final class ProgressLine {
    private final PrintStream out;
    private final boolean isTerminal;

    // Owned by main.
    private int length;

    ProgressLine(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    void show(String text) {
        if (isTerminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, length - text.length())));
            out.flush();
            length = text.length();
        }
    }

    /** What follows stands in its place. */
    void end() {
        if (isTerminal) {
            show("");
            out.print("\r");
            length = 0;
        }
    }
}
