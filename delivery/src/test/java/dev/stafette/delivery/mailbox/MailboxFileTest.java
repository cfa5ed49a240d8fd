// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailboxFileTest {
    private static final EnhancedStatus OTHERWISE = EnhancedStatus.of(5, 2, 0);

    private static final CopyAddresses ADDRESSES = new CopyAddresses("a@a.test", "To@b.test", "to@b.test");

    @TempDir
    private Path directory;

    private final MailboxFile files = new MailboxFile(AppendRecords.none());
    private Path mailbox;
    private int ownId;

    @BeforeEach
    void begin() throws IOException {
        mailbox = directory.resolve("mbox");
        ownId = FileFacts.of(directory).uid();
    }

    private static MailboxSettings settings(List<LockStyle> locks, long sizeMax) {
        return new MailboxSettings(locks, 2, Duration.ofMillis(1), Duration.ofSeconds(500), sizeMax, true);
    }

    private MailboxResult append(String wire, long sizeMax) throws IOException {
        return append(place(mailbox, sizeMax, true), wire);
    }

    private MailboxFile.Place place(Path file, long sizeMax, boolean isMailbox) {
        return new MailboxFile.Place(
                file, settings(List.of(LockStyle.FCNTL, LockStyle.DOTLOCK), sizeMax), ownId, isMailbox, OTHERWISE);
    }

    private MailboxResult append(MailboxFile.Place place, String wire) throws IOException {
        return files.append(place, new MailboxLetter(FileBody.ofWire(wire), MailboxLetter.inFile(true), ADDRESSES));
    }

    private void assertRefused(String status, String reason, MailboxResult result) {
        assertEquals(reason, result.reason());
        assertEquals(status, result.status().toString());
    }

    @Test
    void writesAMessageAsMailboxFilesHaveIt() throws IOException {
        MailboxResult result = append("Subject: s\r\n\r\nFrom me\r\n..\r\nFro\r\n>From\r\nFrom ", 0);
        assertTrue(result.isDelivered(), result::reason);
        String text = Files.readString(mailbox);
        String expected = "From a@a\\.test  [A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}\n"
                + Pattern.quote("Return-Path: <a@a.test>\nX-Original-To: To@b.test\nDelivered-To: to@b.test\n"
                        + "Subject: s\n\n>From me\n.\nFro\n>From\n");
        assertTrue(Pattern.compile(expected).matcher(text).lookingAt(), text);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(mailbox)));
        assertFalse(Files.exists(Path.of(mailbox + ".lock")));
    }

    private MailboxLetter letter(String wire) throws IOException {
        return new MailboxLetter(FileBody.ofWire(wire), MailboxLetter.inFile(true), ADDRESSES);
    }

    @Test
    void takesBackTheOneOfThoseThatComeTogetherThatIsTooLarge() throws IOException {
        List<MailboxResult> results = files.append(
                place(mailbox, 500, true), List.of(letter("a\r\n"), letter("x".repeat(500) + "\r\n"), letter("b\r\n")));
        assertEquals(
                List.of("2.0.0", "5.2.2", "2.0.0"),
                results.stream().map(result -> result.status().toString()).toList());
        String text = Files.readString(mailbox);
        assertTrue(Pattern.matches("(?s)From .*\na\n\nFrom .*\nb\n\n", text), text);
        assertFalse(text.contains("x"), text);
        assertFalse(Files.exists(Path.of(mailbox + ".lock")));
    }

    @Test
    void endsEachMessageWithAnEmptyLine() throws IOException {
        append("a\r\n", 0);
        append("b\r\n", 0);
        String text = Files.readString(mailbox);
        assertTrue(text.contains("\n\na\n\nFrom ") || text.contains("a\n\nFrom "), text);
        assertTrue(text.endsWith("b\n\n"), text);
    }

    @Test
    void leavesAFileThatWouldGrowTooLargeAsItWas() throws IOException {
        append("first\r\n", 0);
        String before = Files.readString(mailbox);
        assertRefused(
                "5.2.2",
                "error writing message: File too large",
                append("x".repeat(900) + "\r\n" + ("y".repeat(100) + "\r\n").repeat(2000), before.length() + 50_000L));
        assertEquals(before, Files.readString(mailbox));
        assertTrue(append("second\r\n", before.length() + 50_000L).isDelivered());
    }

    @Test
    void leavesTheFileAsItWasWhenTheMessageCannotBeRead() throws IOException {
        append("first\r\n", 0);
        String before = Files.readString(mailbox);
        MailboxLetter cut =
                new MailboxLetter(FileBody.ofWire("second\r\n").endingEarly(), MailboxLetter.inFile(true), ADDRESSES);
        MailboxResult result = files.append(place(mailbox, 0, true), cut);
        assertTrue(result.reason().startsWith("error reading message: "), result::reason);
        assertEquals(before, Files.readString(mailbox));
    }

    @Test
    void refusesFilesThatMayBeSomebodyElses() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "");
        // Else a link of root's would do, and the test may be root.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxr-x"));
        Files.createSymbolicLink(mailbox, other);
        assertRefused("5.2.0", "file is a symbolic link", append("a\r\n", 0));
        Files.delete(mailbox);
        Files.createLink(mailbox, other);
        assertRefused("5.2.0", "file has 2 hard links", append("a\r\n", 0));
        Files.delete(mailbox);
        Files.createDirectory(mailbox);
        assertRefused("5.2.0", "cannot open file: Is a directory", append("a\r\n", 0));
        assertEquals("", Files.readString(other));
        MailboxFile.Place missing = place(directory.resolve("none/mbox"), 0, true);
        assertRefused(
                "5.2.0",
                "unable to create lock file " + missing.file() + ".lock: No such file or directory",
                append(missing, "a\r\n"));
    }

    /** As Postfix: whose it is matters, and its mode is its owner's business. */
    @Test
    void writesToAMailboxThatAnybodyMayWrite() throws IOException {
        Files.writeString(mailbox, "old\n");
        Files.setPosixFilePermissions(mailbox, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertTrue(append("a\r\n", 0).isDelivered());
        assertTrue(Files.readString(mailbox).startsWith("old\n"));
        assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(mailbox)));
    }

    @Test
    void wantsTheMailboxToBeItsRecipientsWhereItIsStrict() throws IOException {
        append("a\r\n", 0);
        MailboxFile.Place place =
                new MailboxFile.Place(mailbox, settings(List.of(LockStyle.FCNTL), 0), ownId + 1, true, OTHERWISE);
        MailboxResult result = append(place, "b\r\n");
        assertRefused("4.2.0", "destination " + mailbox + " is not owned by recipient", result);
        assertEquals(
                List.of("specify \"strict_mailbox_ownership = no\" to ignore mailbox ownership mismatch"),
                result.warnings());
    }

    @Test
    void waitsForALockFileAndTakesAStaleOneAway() throws IOException {
        Path lock = Files.createFile(Path.of(mailbox + ".lock"));
        assertRefused("4.2.0", "unable to create lock file " + lock + ": File exists", append("a\r\n", 0));
        assertFalse(Files.exists(mailbox));
        MailboxSettings impatient =
                new MailboxSettings(List.of(LockStyle.DOTLOCK), 3, Duration.ofMillis(20), Duration.ZERO, 0, true);
        MailboxFile.Place place = new MailboxFile.Place(mailbox, impatient, ownId, true, OTHERWISE);
        assertTrue(append(place, "a\r\n").isDelivered());
        assertFalse(Files.exists(lock));
    }

    @Test
    void waitsForAFcntlLockOfAnotherMailboxOfThisProcess() throws IOException {
        append("a\r\n", 0);
        try (FileChannel channel = FileChannel.open(mailbox, StandardOpenOption.WRITE)) {
            channel.lock();
            assertRefused(
                    "4.2.0",
                    "unable to lock for exclusive access: Resource temporarily unavailable",
                    append("b\r\n", 0));
        }
        assertTrue(append("b\r\n", 0).isDelivered());
    }

    @Test
    void takesFlockLocksByAProgram() throws IOException {
        MailboxFile.Place place =
                new MailboxFile.Place(mailbox, settings(List.of(LockStyle.FLOCK), 0), ownId, true, OTHERWISE);
        assertTrue(append(place, "a\r\n").isDelivered());
        Process other = new ProcessBuilder("flock", mailbox.toString(), "sh", "-c", "echo; cat").start();
        assertEquals('\n', other.getInputStream().read());
        assertRefused(
                "4.2.0",
                "unable to lock for exclusive access: Resource temporarily unavailable",
                append(place, "b\r\n"));
        other.getOutputStream().close();
    }

    @Test
    void writesToFilesThatAliasesName() throws IOException {
        MailboxFile.Place device = place(Path.of("/dev/null"), 0, false);
        assertTrue(append(device, "a\r\n").isDelivered());
        append("a\r\n", 0);
        Files.setPosixFilePermissions(mailbox, PosixFilePermissions.fromString("rwx------"));
        assertRefused("5.7.1", "file is executable", append(place(mailbox, 0, false), "b\r\n"));
    }

    @Test
    void appendsWhatManyThreadsBringAndLosesNothing() throws Exception {
        ConcurrentLinkedQueue<MailboxResult> results = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String line = "message " + i;
            threads.add(new Thread(() -> {
                for (int j = 0; j < 20; j++) {
                    try {
                        results.add(append(line + '-' + j + "\r\n", 0));
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(160, results.stream().filter(MailboxResult::isDelivered).count());
        List<String> lines = Files.readAllLines(mailbox);
        for (int i = 0; i < 8; i++) {
            for (int j = 0; j < 20; j++) {
                String line = "message " + i + '-' + j;
                assertEquals(1, lines.stream().filter(line::equals).count(), line);
            }
        }
        assertEquals(
                160, lines.stream().filter(line -> line.startsWith("From ")).count());
    }

    @Test
    void keepsTheTimeOfAFileThatItDoesNotTouch() throws IOException {
        append("a\r\n", 0);
        FileTime before = Files.getLastModifiedTime(mailbox);
        Files.createFile(Path.of(mailbox + ".lock"));
        append("b\r\n", 0);
        assertEquals(before, Files.getLastModifiedTime(mailbox));
    }
}
