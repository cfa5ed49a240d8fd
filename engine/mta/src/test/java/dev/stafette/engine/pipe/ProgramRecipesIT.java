// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.command.MailCommands;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.engine.config.MasterCf;
import dev.stafette.engine.config.ServiceRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rows and scripts of conf/ for programs of others, run by the account that runs the test. */
@Timeout(300)
class ProgramRecipesIT {
    private static final Path CONF =
            Path.of("..", "..", "conf").toAbsolutePath().normalize();

    private static final String MESSAGE =
            "From: a@b.test\nSubject: x\n y\nMIME-Version: 1.0\nContent-Type: text/plain;\n charset=utf-8\n\n"
                    + "secret\n\n.dot\nFrom here\n";

    @TempDir
    private Path directory;

    private MailCommands commands;
    private Map<String, String> environment;

    @BeforeEach
    void open() throws IOException {
        commands = new MailCommands(OwnIdentity.ofThisProcess(), Files.createDirectory(directory.resolve("scratch")));
        environment = new TreeMap<>(Map.of(
                "PATH", "/usr/bin:/bin", "GNUPGHOME", directory.resolve("gnupg").toString()));
    }

    @AfterEach
    void close() throws IOException {
        commands.close();
    }

    private static Map<String, ServiceRow> rows() throws IOException {
        Map<String, ServiceRow> rows = new TreeMap<>();
        MasterCf.parse("programs-master.cf", Files.readString(CONF.resolve("programs-master.cf")))
                .rows()
                .forEach(row -> rows.put(row.name(), row));
        return rows;
    }

    private CommandResult run(List<String> words, CopyRules rules, String message) throws IOException {
        FileBody body = FileBody.of(message).inHead();
        return commands.run(
                new CommandOrder(
                        "pipe",
                        CommandLine.ofWords(words),
                        new UserIds("self", OwnIdentity.ofThisProcess().uid(), 1),
                        environment,
                        "/",
                        Duration.ofSeconds(120),
                        rules,
                        new CopyAddresses("s@a.test", "", "r@b.test")),
                body,
                0);
    }

    /** A program that keeps its arguments and its input in two files. */
    private String keeper(String name) throws IOException {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\necho \"$*\" >$0.words\ncat >$0.input\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    private String kept(String file) throws IOException {
        return Files.readString(directory.resolve(file));
    }

    /** As a row of the sample has it, for one message. */
    private CommandResult runRow(String name, String nextHop, String message) throws IOException {
        PipeAttributes attributes = PipeAttributes.of(rows().get(name));
        List<String> words = new ArrayList<>();
        for (String word : attributes.command()) {
            words.add(word.replace("/etc/stafette", CONF.toString())
                    .replace("${nexthop}", nextHop)
                    .replace("${sender}", "s@a.test")
                    .replace("${recipient}", "r@b.test"));
        }
        return run(words, attributes.rules(), message);
    }

    @Test
    void rowsCanBeMeant() throws IOException {
        Map<String, ServiceRow> rows = rows();
        assertEquals(
                List.of("decrypt", "dovecot", "encrypt", "policy-spf", "spamassassin"), List.copyOf(rows.keySet()));
        rows.values().forEach(PipeSettings::check);
        assertEquals(
                "-oi", PipeAttributes.of(rows.get("spamassassin")).command().get(3));
    }

    @Test
    void mailThatTheGatewaysCarryIsReadByNobodyOnTheWay() throws Exception {
        Programs.require("gpg");
        Files.createDirectory(
                directory.resolve("gnupg"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ProcessBuilder key = new ProcessBuilder(
                "gpg",
                "--batch",
                "--quiet",
                "--passphrase",
                "",
                "--quick-generate-key",
                "partner@example.org",
                "future-default",
                "default",
                "never");
        key.environment().put("GNUPGHOME", environment.get("GNUPGHOME"));
        assertEquals(
                0,
                key.redirectErrorStream(true)
                        .redirectOutput(directory.resolve("key").toFile())
                        .start()
                        .waitFor());
        environment.put("SENDMAIL", keeper("sendmail"));
        assertEquals(
                Kind.DELIVERED,
                runRow("encrypt", "partner@example.org", MESSAGE).kind());
        assertEquals("-G -i -f s@a.test -- r@b.test\n", kept("sendmail.words"));
        String encrypted = kept("sendmail.input");
        assertTrue(encrypted.startsWith("From: a@b.test\nSubject: x\n y\nMIME-Version: 1.0\n"), encrypted);
        assertFalse(encrypted.contains("secret"));
        assertEquals(Kind.DELIVERED, runRow("decrypt", "", encrypted).kind());
        assertEquals(MESSAGE, kept("sendmail.input"));
        // What is not encrypted goes on as it is.
        assertEquals(Kind.DELIVERED, runRow("decrypt", "", MESSAGE).kind());
        assertEquals(MESSAGE, kept("sendmail.input"));
        // Without the partner's key nothing leaves.
        Files.delete(directory.resolve("sendmail.input"));
        assertEquals(
                Kind.DEFERRED,
                runRow("encrypt", "stranger@example.org", MESSAGE).kind());
        assertFalse(Files.exists(directory.resolve("sendmail.input")));
    }

    @Test
    void theScannerLooksAtMailBeforeItsUserDoes() throws IOException {
        environment.put("DELIVER", keeper("deliver"));
        Path scanner = Files.writeString(directory.resolve("scanner"), "#!/bin/sh\n! grep -q virus \"$1\"\n");
        Files.setPosixFilePermissions(scanner, PosixFilePermissions.fromString("rwx------"));
        environment.put("SCANNER", scanner.toString());
        List<String> words = List.of(CONF.resolve("scan-mailbox").toString());
        assertEquals(Kind.DELIVERED, run(words, CopyRules.PLAIN, MESSAGE).kind());
        assertEquals(MESSAGE, kept("deliver.input"));
        CommandResult infected = run(words, CopyRules.PLAIN, "A: b\n\na virus\n");
        assertEquals(new CommandResult(Kind.BOUNCED, EnhancedStatus.of(5, 7, 1), "the message is infected "), infected);
        environment.put("SCANNER", "/nowhere/scanner");
        assertEquals(Kind.DEFERRED, run(words, CopyRules.PLAIN, MESSAGE).kind());
    }
}
