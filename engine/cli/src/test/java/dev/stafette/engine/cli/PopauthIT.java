// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code stafette popauth}, and what {@code postmap} says of what it did. */
class PopauthIT {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path file;

    @BeforeEach
    void configure() throws IOException {
        // Where root may write, too, whoever runs the test.
        file = directory.resolve("clients");
        Files.writeString(directory.resolve("main.cf"), "popauth_file = " + file + "\npopauth_entry_limit = 2\n");
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("MAIL_CONFIG", directory.toString()));
        return Main.run(words, terminal);
    }

    private List<String> listed() {
        assertEquals(ExitCode.OK, run("stafette", "popauth", "list"));
        List<String> addresses = new ArrayList<>();
        out.toString(StandardCharsets.UTF_8).lines().forEach(line -> addresses.add(line.split("\t")[0]));
        return addresses;
    }

    private int ask(String address) {
        return run("postmap", "-q", address, "popauth:" + file);
    }

    @Test
    void letsClientsInAndOut() {
        assertEquals(List.of(), listed());
        assertEquals(ExitCode.FAILED, ask("192.0.2.1"));
        assertEquals(ExitCode.OK, run("stafette", "popauth", "add", "192.0.2.1", "--ttl", "30m"));
        assertEquals(ExitCode.OK, run("stafette", "popauth", "add", "2001:DB8:0::1"));
        assertEquals(List.of("192.0.2.1", "2001:db8::1"), listed());
        assertEquals(ExitCode.OK, ask("2001:db8::1"));
        assertEquals("OK\n", out.toString(StandardCharsets.UTF_8));
        assertEquals(ExitCode.OK, run("stafette", "popauth", "remove", "192.0.2.1"));
        assertEquals(ExitCode.FAILED, run("stafette", "popauth", "remove", "192.0.2.1"));
        assertEquals(List.of("2001:db8::1"), listed());
    }

    @Test
    void keepsTheLaterEndAndNoMoreThanTheLimit() {
        run("stafette", "popauth", "add", "192.0.2.1", "--ttl", "1h");
        run("stafette", "popauth", "add", "192.0.2.1", "--ttl", "1s");
        run("stafette", "popauth", "add", "192.0.2.2", "--ttl", "10m");
        run("stafette", "popauth", "add", "192.0.2.3", "--ttl", "20m");
        assertEquals(List.of("192.0.2.1", "192.0.2.3"), listed());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        popauth add client.example | popauth: 'client.example' (expected: an IPv4 or IPv6 address)
        popauth add 192.0.2.300    | popauth: '192.0.2.300' (expected: an IPv4 or IPv6 address)
        popauth add 192.0.2.1 --ttl 0 | popauth: --ttl 0 (expected: a number with s, m, h, d or w, 1s or more)
        popauth                    | popauth: no command (expected: add, remove or list)
        """)
    void saysWhatIsWrong(String command, String message) {
        assertEquals(ExitCode.FAILED, run(("stafette " + command).split(" ")));
        assertEquals("stafette: fatal: " + message + "\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void saysThatTheDirectoryIsMissing() throws IOException {
        Files.writeString(directory.resolve("main.cf"), "popauth_file = /nonexistent/clients\n");
        assertEquals(ExitCode.FAILED, run("stafette", "popauth", "add", "192.0.2.1"));
        assertTrue(err.toString(StandardCharsets.UTF_8)
                .contains("popauth: /nonexistent/clients: there is no such directory"));
    }
}
