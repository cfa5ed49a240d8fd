// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.dns.FakeDns;
import dev.stafette.engine.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code stafette dkim}. */
@Timeout(180)
class DkimTest {
    private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(String... words) {
        List<String> all = new ArrayList<>(List.of("stafette", "dkim"));
        all.addAll(List.of(words));
        out.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Main.run(
                all.toArray(String[]::new),
                new Terminal(new ByteArrayInputStream(new byte[0]), print, print, Map.of()));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The strings of the record that was printed. */
    private String[] strings() {
        List<String> strings = new ArrayList<>();
        Matcher matcher = STRING.matcher(said());
        while (matcher.find()) {
            strings.add(matcher.group(1));
        }
        return strings.toArray(String[]::new);
    }

    /** The line of the key table that was printed. */
    private String tableLine() {
        List<String> lines = said().lines().toList();
        return lines.get(lines.indexOf("# dkim_key_table") + 1);
    }

    private int keygen(String... words) {
        List<String> all = new ArrayList<>(List.of("keygen", "-D", directory.toString()));
        all.addAll(List.of(words));
        return run(all.toArray(String[]::new));
    }

    @Test
    void makesKeysThatFitWhatItPrints() throws IOException {
        List<String> table = new ArrayList<>();
        try (FakeDns dns = new FakeDns()) {
            assertEquals(0, keygen("a.test", "2026"), this::said);
            Path file = directory.resolve("a.test.2026.private");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertTrue(said().contains("2026._domainkey.a.test. IN TXT ("), this::said);
            assertEquals("2026.a.test\ta.test:2026:" + file, tableLine());
            for (String string : strings()) {
                assertTrue(string.length() <= 255);
            }
            table.add(tableLine());
            dns.text("2026._domainkey.a.test", strings());
            assertEquals(0, keygen("--type", "ed25519", "A.test", "ed"), this::said);
            table.add(tableLine());
            dns.text("ed._domainkey.a.test", strings());
            configure(table, dns);

            assertEquals(0, run("check", "-c", directory.toString()), this::said);

            assertEquals("2026.a.test\t2026._domainkey.a.test\tfits\ned.a.test\ted._domainkey.a.test\tfits\n", said());
        }
    }

    private void configure(List<String> table, FakeDns dns) throws IOException {
        Files.write(directory.resolve("keys"), table);
        Files.writeString(
                directory.resolve("main.cf"),
                "dkim_key_table = " + directory.resolve("keys") + "\ndns_servers = 127.0.0.1:"
                        + dns.address().getPort() + "\ndns_timeout = 60s\n");
        Files.writeString(directory.resolve("master.cf"), "");
    }

    @Test
    void tellsWhatVerifiersWillNotLike() throws IOException {
        List<String> table = new ArrayList<>();
        try (FakeDns dns = new FakeDns()) {
            keygen("-t", "ed25519", "a.test", "one");
            String[] one = strings();
            table.add(tableLine());
            keygen("-t", "ed25519", "a.test", "other");
            table.add(tableLine());
            dns.text("other._domainkey.a.test", one);
            dns.text("one._domainkey.a.test", "v=DKIM1; p=");
            table.add("none a.test:none:a.test.one.private");
            table.add("any %:any:a.test.one.private");
            configure(table, dns);

            assertEquals(1, run("check", "-c", directory.toString()), this::said);

            assertTrue(said().contains("other._domainkey.a.test\tthe record does not fit the private key"), this::said);
            assertTrue(said().contains("one._domainkey.a.test\tthe key is revoked"), this::said);
            assertTrue(said().contains("none._domainkey.a.test\tthere is no such record"), this::said);
            assertTrue(said().contains("any._domainkey.*\tof any domain"), this::said);

            dns.fail("down._domainkey.a.test", FakeDns.SERVFAIL);
            configure(List.of("down a.test:down:a.test.one.private"), dns);
            assertEquals(75, run("check", "-c", directory.toString()), this::said);
        }
    }

    @Test
    void neverWritesOverAKeyAndSaysWhatIsWrong() throws IOException {
        assertEquals(0, keygen("-t", "ed25519", "a.test", "s"), this::said);
        String before = Files.readString(directory.resolve("a.test.s.private"));
        assertEquals(1, keygen("-t", "ed25519", "a.test", "s"));
        assertTrue(said().contains("is there already (expected: a new selector)"), this::said);
        assertEquals(before, Files.readString(directory.resolve("a.test.s.private")));
        assertEquals(1, keygen("a..test", "s"));
        assertEquals(1, keygen("a.test", "../s"));
        assertEquals(1, keygen("-t", "dsa", "a.test", "x"));
        assertEquals(1, keygen("-b", "512", "a.test", "x"));
        assertEquals(1, run());
    }
}
