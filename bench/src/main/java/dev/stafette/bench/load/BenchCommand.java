// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/**
 * Runs a benchmark that measures a relay: reads its options, and says what went wrong in a line.
 * Thread: main.
 */
final class BenchCommand {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private BenchCommand() {}

    /** The benchmark itself; false: it ran, and the result is bad. */
    interface Body {
        boolean run(PrintStream out, String commandLine) throws IOException;
    }

    /** Returns the exit code. {@code options}: an object with picocli's annotations, {@code relay} among them. */
    static int run(String name, String[] words, Object options, RelayOptions relay, Body body) {
        CommandLine line = new CommandLine(options).setCommandName("java -jar benchmarks.jar " + name);
        line.getCommandSpec().usageMessage().showDefaultValues(true);
        try {
            line.parseArgs(words);
            if (relay.isHelpAsked) {
                line.usage(System.out);
                return 0;
            }
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            return body.run(out, name + " " + String.join(" ", words)) ? 0 : FAILED;
        } catch (CommandLine.ParameterException | IllegalArgumentException e) {
            System.err.println(name + ": " + e.getMessage());
            return USAGE;
        } catch (IOException e) {
            System.err.println(name + ": " + e.getMessage());
            return FAILED;
        }
    }
}
