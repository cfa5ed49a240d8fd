// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Dovecot reads what was delivered here, by IMAP and POP3, and delivers itself. */
@Timeout(180)
class DovecotIT {
    private static final Path PROGRAMS = Path.of("/usr/lib/dovecot");
    private static final CopyAddresses ADDRESSES = new CopyAddresses("a@a.test", "joe@box.test", "joe@box.test");

    /** What would be misread in a mailbox file, and what would be in an IMAP or POP3 session. */
    private static final List<String> MESSAGES = List.of(
            "Subject: one\r\n\r\nFrom here\r\n>From there\r\n..dot\r\n...\r\n",
            "Subject: two\r\n\r\n\r\n\r\n",
            "Subject: three\r\nX: " + "x".repeat(900) + "\r\n\r\n" + "y".repeat(70_000) + "\r\n",
            "Subject: four\r\n\r\n"
                    + "From a@a.test  Sun Nov 29 20:00:00 2026\r\n"
                    + "X: y\r\n\r\n"
                    + "St\u00e4mme\r\n"
                    + "no end of the line\r\n",
            "Subject: five\r\n\r\n");

    @TempDir
    private Path directory;

    private Path mail;
    private Path configuration;

    @BeforeEach
    void configure() throws IOException {
        Programs.require(PROGRAMS.resolve("imap"));
        Programs.require(PROGRAMS.resolve("pop3"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        mail = Files.createDirectory(directory.resolve("mail"));
        configuration = Files.write(
                directory.resolve("dovecot.conf"),
                List.of(
                        "base_dir = " + mail.resolve("run"),
                        "state_dir = " + mail.resolve("run"),
                        "log_path = /dev/stderr",
                        "postmaster_address = postmaster@box.test",
                        "ssl = no"));
        Files.setPosixFilePermissions(configuration, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static boolean isRoot() throws IOException {
        return OwnIdentity.ofThisProcess().uid() == 0;
    }

    /** Root's programs become somebody, whose the mail is from here on. */
    private List<String> words(String program, String location) throws IOException {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            try (Stream<Path> files = Files.walk(mail)) {
                for (Path file : files.toList()) {
                    Files.setAttribute(file, "unix:uid", 1000);
                    Files.setAttribute(file, "unix:gid", 1000);
                }
            }
            words.addAll(List.of("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups"));
        }
        words.addAll(List.of(PROGRAMS.resolve(program).toString(), "-c", configuration.toString()));
        words.addAll(List.of("-o", "mail_location=" + location));
        return words;
    }

    /** What it says when it hears that, from somebody who is known, where the second command's answer is its last but one. */
    private String imap(String location, String... commands) throws Exception {
        return said("imap", location, said -> said.contains("\r\nb OK "), commands);
    }

    /** The last command is said when the others have been answered. */
    private String said(String program, String location, Predicate<String> areAnswered, String... commands)
            throws Exception {
        ProcessBuilder builder = new ProcessBuilder(words(program, location));
        builder.environment().clear();
        builder.environment().putAll(Map.of("USER", "joe", "HOME", mail.toString(), "PATH", "/usr/bin:/bin"));
        Process process =
                builder.redirectError(directory.resolve("errors").toFile()).start();
        String text;
        int last = commands.length - 1;
        // One that hears that it may go, or the end of its input, may do so without having said the rest.
        try (OutputStream out = process.getOutputStream()) {
            say(out, List.of(commands).subList(0, last));
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            for (int count = 0; count >= 0 && !areAnswered.test(said.toString(StandardCharsets.UTF_8)); ) {
                byte[] piece = new byte[16_384];
                count = process.getInputStream().read(piece);
                said.write(piece, 0, Math.max(count, 0));
            }
            say(out, List.of(commands[last]));
            said.write(process.getInputStream().readAllBytes());
            text = said.toString(StandardCharsets.UTF_8);
        }
        assertEquals(0, process.waitFor(), text + Files.readString(directory.resolve("errors")));
        return text;
    }

    private static void say(OutputStream out, List<String> commands) throws IOException {
        out.write((String.join("\r\n", commands) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String received(String wire, boolean quotesFrom) {
        String whole = "Return-Path: <a@a.test>\r\nX-Original-To: joe@box.test\r\nDelivered-To: joe@box.test\r\n"
                + wire.replaceAll("(?m)^\\.", "");
        return quotesFrom ? whole.replaceAll("(?m)^From ", ">From ") : whole;
    }

    private void assertReads(String location, boolean quotesFrom) throws Exception {
        String imap = imap(location, "a SELECT INBOX", "b FETCH 1:* (FLAGS RFC822.SIZE BODY.PEEK[])", "c LOGOUT");
        assertTrue(imap.contains("* " + MESSAGES.size() + " EXISTS\r\n"), imap);
        assertTrue(imap.contains("* " + MESSAGES.size() + " RECENT\r\n"), imap);
        for (int i = 0; i < MESSAGES.size(); i++) {
            String text = received(MESSAGES.get(i), quotesFrom);
            int size = text.getBytes(StandardCharsets.UTF_8).length;
            String fetched = "* " + (i + 1) + " FETCH (FLAGS (\\Recent) RFC822.SIZE " + size + " BODY[] {" + size
                    + "}\r\n" + text + ")\r\n";
            assertTrue(imap.contains(fetched), () -> fetched + imap);
        }
        String pop = said(
                "pop3",
                location,
                said -> said.split("\r\n\\.\r\n", -1).length == 3,
                "STAT",
                "RETR 1",
                "RETR 4",
                "QUIT");
        int sum = MESSAGES.stream()
                .mapToInt(wire -> received(wire, quotesFrom).getBytes(StandardCharsets.UTF_8).length)
                .sum();
        assertTrue(pop.startsWith("+OK " + MESSAGES.size() + " " + sum + "\r\n"), pop);
        for (int i : new int[] {0, 3}) {
            String text = received(MESSAGES.get(i), quotesFrom).replaceAll("(?m)^\\.", "..");
            assertTrue(pop.contains(" octets\r\n" + text + ".\r\n"), () -> text + pop);
        }
    }

    @Test
    void readsOurMaildirs() throws Exception {
        Maildir.Place place = new Maildir.Place(mail.resolve("Maildir"), 0, EnhancedStatus.of(4, 2, 0));
        Maildir maildir = new Maildir("mx.test");
        for (String message : MESSAGES) {
            FileBody body = FileBody.ofWire(message);
            assertTrue(maildir.deliver(place, new MailboxLetter(body, MailboxLetter.inDirectory(true), ADDRESSES))
                    .isDelivered());
            body.release();
        }
        assertReads("maildir:" + mail.resolve("Maildir"), false);
    }

    @Test
    void readsOurMailboxFilesAndWeGoOnBehindIt() throws Exception {
        List<MailboxSettings.LockStyle> locks =
                List.of(MailboxSettings.LockStyle.FCNTL, MailboxSettings.LockStyle.DOTLOCK);
        MailboxSettings settings =
                new MailboxSettings(locks, 2, Duration.ofMillis(10), Duration.ofSeconds(500), 0, false);
        MailboxFile.Place place =
                new MailboxFile.Place(mail.resolve("mbox"), settings, -1, true, EnhancedStatus.of(4, 2, 0));
        for (String message : MESSAGES) {
            append(place, message);
        }
        String location = "mbox:" + mail.resolve("more") + ":INBOX=" + mail.resolve("mbox");
        assertReads(location, true);
        // With what it writes into the file itself.
        imap(location, "a SELECT INBOX", "b STORE 2 +FLAGS (\\Seen \\Flagged)", "c LOGOUT");
        append(place, "Subject: six\r\n\r\nthe last\r\n");
        String imap = imap(location, "a SELECT INBOX", "b FETCH 1:* (FLAGS BODY.PEEK[TEXT])", "c LOGOUT");
        assertTrue(imap.contains("* 6 EXISTS\r\n"), imap);
        assertTrue(imap.contains("* 2 FETCH (FLAGS (\\Flagged \\Seen)"), imap);
        assertTrue(imap.contains("* 6 FETCH (FLAGS (\\Recent) BODY[TEXT] {10}\r\nthe last\r\n)"), imap);
    }

    private void append(MailboxFile.Place place, String message) throws IOException {
        FileBody body = FileBody.ofWire(message);
        MailboxResult result = new MailboxFile(AppendRecords.none())
                .append(place, new MailboxLetter(body, MailboxLetter.inFile(true), ADDRESSES));
        assertTrue(result.isDelivered(), result::reason);
        body.release();
    }

    /** As a pipe row has it, and as mailbox_command. */
    @Test
    void itsOwnAgentDeliversWhatItGetsFromUs() throws Exception {
        Programs.require(PROGRAMS.resolve("dovecot-lda"));
        Path home = Files.createDirectory(mail.resolve("home"));
        String location = "maildir:" + home.resolve("Maildir");
        List<String> words = words("dovecot-lda", location);
        words.addAll(List.of("-f", "a@a.test", "-a", "joe@box.test"));
        try (MailCommands commands =
                new MailCommands(OwnIdentity.ofThisProcess(), Files.createDirectory(directory.resolve("scratch")))) {
            FileBody body = FileBody.ofWire(MESSAGES.get(0));
            CommandResult result = commands.run(
                    new CommandOrder(
                            "local",
                            CommandLine.ofWords(words),
                            new UserIds("self", OwnIdentity.ofThisProcess().uid(), 1),
                            Map.of("PATH", "/usr/bin:/bin", "HOME", home.toString(), "USER", "joe"),
                            "/",
                            Duration.ofSeconds(60),
                            new CopyRules(false, true, true, true, false, false, false, "\n"),
                            ADDRESSES),
                    body,
                    0);
            body.release();
            assertEquals(Kind.DELIVERED, result.kind(), result.text());
            assertTrue(result.text().endsWith(": saved mail to INBOX "), result.text());
        }
        String imap = imap(location, "a SELECT INBOX", "b FETCH 1:* (BODY.PEEK[])", "c LOGOUT");
        assertTrue(imap.contains("* 1 EXISTS\r\n"), imap);
        assertTrue(imap.contains("From here\r\n>From there\r\n.dot\r\n..\r\n)"), imap);
    }
}
