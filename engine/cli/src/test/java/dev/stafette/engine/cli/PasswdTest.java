// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code stafette passwd}. */
class PasswdTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private int run(String input, String... words) {
        List<String> all = new ArrayList<>(List.of("stafette", "passwd"));
        all.addAll(List.of(words));
        out.reset();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Main.run(
                all.toArray(String[]::new),
                new Terminal(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), print, print, Map.of()));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void addsListsAndRemovesUsersOfTheFileOfMainCf() throws Exception {
        Files.writeString(
                directory.resolve("main.cf"),
                "queue_directory = " + directory + "\nsmtpd_sasl_type = stafette\nsmtpd_sasl_path = users\n");
        Files.writeString(directory.resolve("master.cf"), "");
        String config = directory.toString();
        assertEquals(0, run("secret\n", "add", "-c", config, "joe"), this::said);
        assertEquals(0, run("word\n", "add", "-c", config, "--scheme", "bcrypt", "ann"), this::said);
        assertEquals(0, run("", "list", "-c", config), this::said);
        assertEquals("joe\tscram\nann\tbcrypt\n", said());
        assertEquals(0, run("", "remove", "-c", config, "joe"), this::said);
        assertEquals(1, run("", "remove", "-c", config, "joe"), this::said);
        assertEquals(0, run("", "list", "-f", directory.resolve("users").toString()), this::said);
        assertEquals("ann\tbcrypt\n", said());
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        String file = directory.resolve("users").toString();
        assertEquals(1, run("", "add", "-f", file, "joe"));
        assertTrue(said().contains("no password"), this::said);
        assertEquals(1, run("x\n", "add", "-f", file, "j:oe"));
        assertEquals(1, run("x\n", "add", "-f", file, "--scheme", "md5", "joe"));
        assertTrue(said().contains("expected: scram, bcrypt or argon2id"), this::said);
        Files.writeString(directory.resolve("main.cf"), "smtpd_sasl_type = dovecot\n");
        Files.writeString(directory.resolve("master.cf"), "");
        assertEquals(1, run("", "list", "-c", directory.toString()));
        assertTrue(said().contains("smtpd_sasl_type is dovecot"), this::said);
    }
}
