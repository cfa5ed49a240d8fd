// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command sees of the outside.
 * Thread: main.
 *
 * @param out not flushed until the command ends, or it flushes
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment) {
    /** For a command that reads nothing. */
    public Terminal(PrintStream out, PrintStream err, Map<String, String> environment) {
        this(InputStream.nullInputStream(), out, err, environment);
    }

    public int fatal(String program, int exitCode, String text) {
        say(program, "fatal: " + text);
        return exitCode;
    }

    public void warn(String program, String text) {
        say(program, "warning: " + text);
    }

    public void say(String program, String text) {
        out.flush();
        err.println(program + ": " + printable(text));
    }

    /** One line, and nothing that makes a terminal do something. */
    private static String printable(String text) {
        char[] shown = text.toCharArray();
        for (int i = 0; i < shown.length; i++) {
            if (shown[i] < ' ' || shown[i] == 127 || shown[i] == '\ufffd') {
                shown[i] = '?';
            }
        }
        return new String(shown);
    }
}
