// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.metrics.Micros;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands say without a mail system. */
class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... words) {
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("MAIL_CONFIG", "/nonexistent"));
        return Main.run(words, terminal);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private static final String POSTQUEUE_USAGE =
            "postqueue: fatal: usage: postqueue -f | postqueue -i queueid | postqueue -j | postqueue -p | postqueue -s site\n";

    @ParameterizedTest
    @CsvSource({"''", "-x", "-p -f", "-p more", "-i", "-v"})
    void refusesWrongFlagsAsPostqueueDoes(String flags) {
        String[] words = ("postqueue " + flags).strip().split(" ");
        assertEquals(ExitCode.USAGE, run(words));
        assertEquals(POSTQUEUE_USAGE, said());
    }

    @Test
    void refusesWrongFlagsAsPostfixDoes() {
        assertEquals(ExitCode.FAILED, run("postfix"));
        assertEquals("postfix: fatal: usage: postfix [-c config_dir] [-Dv] command\n", said());
    }

    @Test
    void refusesUnknownCommandsOfPostfix() {
        assertEquals(ExitCode.FAILED, run("postfix", "restart"));
        assertEquals(
                "postfix/postfix-script: fatal: unknown command: 'restart'. Usage: postfix start"
                        + " (or stop, reload, abort, flush, check, status, start-fg)\n",
                said());
    }

    @ParameterizedTest
    @CsvSource({"postfix status, postfix", "postqueue -p, postqueue", "mailq, mailq", "postfix check, postfix"})
    void namesTheFileThatIsMissing(String command, String name) {
        assertEquals(ExitCode.FAILED, run(command.split(" ")));
        assertEquals(name + ": fatal: /nonexistent/main.cf: no such file (expected: a configuration file)\n", said());
    }

    @Test
    void knowsNoFlushService() {
        assertEquals(ExitCode.UNAVAILABLE, run("postqueue", "-s", "site.example"));
        assertEquals("postqueue: fatal: Flush service is not configured for destination \"site.example\"\n", said());
    }

    @Test
    void knowsItsNames() {
        assertEquals(ExitCode.USAGE, run("sendmial"));
        assertEquals("stafette: fatal: no such command: 'sendmial' (expected: a command of bin)\n", said());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 us",
        "999, 999 us",
        "1000, 1.00 ms",
        "12345, 12.3 ms",
        "123456, 123 ms",
        "1500000, 1.50 s",
        "599000000, 599 s",
        "3600000000, 60.0 min"
    })
    void printsTimesInAUnitThatSuits(long micros, String text) {
        assertEquals(text, Micros.format(micros));
    }
}
