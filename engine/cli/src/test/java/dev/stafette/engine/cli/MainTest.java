// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
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
    @CsvSource({"'', ''", "-x, invalid option -- 'x'", "-p -f, ''", "-i, option requires an argument -- 'i'", "-v, ''"})
    void refusesWrongFlagsAsPostqueueDoes(String flags, String before) {
        String[] words = ("postqueue " + flags).strip().split(" ");
        assertEquals(ExitCode.UNAVAILABLE, run(words));
        assertEquals((before.isEmpty() ? "" : "postqueue: " + before + "\n") + POSTQUEUE_USAGE, said());
    }

    @Test
    void refusesWrongFlagsAsPostfixDoes() {
        assertEquals(ExitCode.FAILED, run("postfix"));
        assertEquals("postfix: fatal: usage: postfix [-c config_dir] [-Dv] command\n", said());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tls status     | 'postfix tls' is not implemented: make a key and a certificate with openssl, and name them as smtpd_tls_chain_files
        non-bdb enable | usage: postfix non-bdb status (or enable-redirect, or enable-reindex, or disable)
        """)
    void saysWhichCommandsOfPostfixAreNotThere(String command, String message) {
        assertEquals(ExitCode.FAILED, run(("postfix -v " + command).split(" ")));
        assertEquals("postfix/postfix-script: fatal: " + message + "\n", said());
    }

    @ParameterizedTest
    @CsvSource({"set-permissions", "upgrade-configuration"})
    void hasNothingToDoAfterAnInstallation(String command) {
        assertEquals(ExitCode.OK, run("postfix", command));
        assertTrue(said().startsWith("postfix/postfix-script: nothing to do: "), said());
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

    @ParameterizedTest
    @CsvSource({"'a b'", "!!", "''", "-a.example", "[]"})
    void flushesOnlyDomains(String site) {
        assertEquals(ExitCode.UNAVAILABLE, run("postqueue", "-s", site));
        assertEquals("postqueue: fatal: Cannot flush mail queue - invalid destination: \"" + site + "\"\n", said());
    }

    @Test
    void flushesOnlyMessagesWithAnId() {
        assertEquals(ExitCode.UNAVAILABLE, run("postqueue", "-i", "!"));
        assertEquals("postqueue: fatal: Cannot flush queue ID - invalid name: \"!\"\n", said());
    }

    @ParameterizedTest
    @CsvSource({"postcat -x, invalid option -- 'x'", "postsuper -h, option requires an argument -- 'h'"})
    void saysWhatIsWrongAsGetoptDoes(String command, String complaint) {
        String name = command.substring(0, command.indexOf(' '));
        assertEquals(ExitCode.FAILED, run(command.split(" ")));
        assertTrue(said().startsWith(name + ": " + complaint + "\n" + name + ": fatal: usage: " + name + " ["), said());
    }

    @Test
    void knowsNoQueueFiles() {
        assertEquals(ExitCode.FAILED, run("postcat", "/nonexistent"));
        assertEquals("postcat: fatal: open /nonexistent: No such file or directory\n", said());
        err.reset();
        assertEquals(ExitCode.FAILED, run("postcat", "/dev/null"));
        assertEquals("postcat: fatal: /dev/null: there are no queue files: name queue ids with -q\n", said());
    }

    @Test
    void explainsQshape() {
        assertEquals(255, run("qshape", "-x"));
        assertTrue(said().startsWith("qshape: invalid option -- 'x'\nUsage: qshape [ -s ]"), said());
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
