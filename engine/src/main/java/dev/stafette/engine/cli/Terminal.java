// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command sees of the outside.
 * Thread: main.
 *
 * @param out not flushed until the command ends, or it flushes
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    private static final String PREFIX_FATAL = ": fatal: ";

    /** For a command that reads nothing. */
    Terminal(PrintStream out, PrintStream err, Map<String, String> environment) {
        this(InputStream.nullInputStream(), out, err, environment);
    }

    int fatal(String program, int exitCode, String text) {
        out.flush();
        err.println(program + PREFIX_FATAL + text);
        return exitCode;
    }

    void warn(String program, String text) {
        out.flush();
        err.println(program + ": warning: " + text);
    }

    void say(String program, String text) {
        out.flush();
        err.println(program + ": " + text);
    }
}
