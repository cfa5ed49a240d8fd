// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is newer than the Postfix that tests compare with: {@code -j}, and functions in values. */
class PostconfJsonIT {
    @TempDir
    Path directory;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(
                directory.resolve("main.cf"),
                "mydestination = $whatever,\n    \"x\\y\"\nwhatever = ex\u00e4mple.com\n"
                        + "myhostname = mx.${domain_to_ascii{$whatever}}\n",
                StandardCharsets.UTF_8);
        Files.writeString(
                directory.resolve("master.cf"),
                "foo unix - n n - 0 other\n  -o mydestination=$whatever -o whatever=example.net\n"
                        + "12345 inet n n n - - spawn\n  -o { command_time_limit = 2 3 }\n"
                        + "  user=nobody argv=/bin/sh -c { sleep 1 }\n");
    }

    private PeerCommand postconf(String flags) {
        List<String> words = new ArrayList<>(List.of("-c", directory.toString()));
        words.addAll(List.of(flags.split(" ")));
        return PeerCommand.runOurs("postconf", words);
    }

    private String shown(String flags) {
        PeerCommand command = postconf(flags);
        assertEquals(0, command.exitCode(), command.err());
        return new String(command.out().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                .replace(directory.toString(), "DIR");
    }

    @Test
    void showsMainCf() {
        assertEquals("""
                {"config_directory": "DIR"}
                {"mydestination": "$whatever,    \\"x\\\\y\\""}
                {"myhostname": "mx.${domain_to_ascii{$whatever}}"}
                {"whatever": "ex\u00e4mple.com"}
                """, shown("-nj"));
        assertEquals("{\"mydestination\": \"ex\u00e4mple.com,    \\\"x\\\\y\\\"\"}\n", shown("-jx mydestination"));
        assertEquals(
                "{\"mydestination\": \"$myhostname, localhost.$mydomain, localhost\"}\n", shown("-dj mydestination"));
    }

    @Test
    void showsMasterCf() {
        assertEquals("""
                {"foo/unix": "foo unix - n n - 0 other -o mydestination=$whatever -o whatever=example.net"}
                {"12345/inet": "12345 inet n n n - - spawn -o {command_time_limit=2 3} user=nobody argv=/bin/sh -c {sleep 1}"}
                """, shown("-Mj"));
        assertEquals(
                "{\"foo/unix\": \"foo unix - n n - 0 other -o mydestination=example.net -o whatever=example.net\"}\n",
                shown("-Mjx foo"));
        assertEquals("""
                {"foo/unix/service": "foo"}
                {"foo/unix/type": "unix"}
                {"foo/unix/private": "-"}
                {"foo/unix/unprivileged": "n"}
                {"foo/unix/chroot": "n"}
                {"foo/unix/wakeup": "-"}
                {"foo/unix/process_limit": "0"}
                {"foo/unix/command": "other -o mydestination=example.net -o whatever=example.net"}
                """, shown("-Fjx foo"));
        assertEquals("""
                {"foo/unix/mydestination": "$whatever"}
                {"foo/unix/whatever": "example.net"}
                {"12345/inet/command_time_limit": "2 3"}
                """, shown("-Pj"));
        assertEquals("{\"foo/unix/mydestination\": \"example.net\"}\n", shown("-Pjx foo/unix/mydestination"));
    }

    @Test
    void callsFunctions() {
        assertEquals("mx.xn--exmple-cua.com\n", shown("-hx myhostname"));
    }

    @ParameterizedTest
    @CsvSource({"-jf,f", "-jh,h", "-jH,H", "-jX x,X", "-j# x,#", "-je x=y,e"})
    void refusesWhatDoesNotGoTogether(String flags, String other) {
        PeerCommand command = postconf(flags);
        assertEquals(
                "1 postconf: fatal: with option -j, do not specify -" + other + "\n",
                command.exitCode() + " " + command.err());
    }
}
