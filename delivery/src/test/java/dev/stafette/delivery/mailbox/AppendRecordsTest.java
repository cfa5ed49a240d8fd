// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it appends, and the one after it. */
class AppendRecordsTest {
    private static final String LARGE = ("0123456789".repeat(7) + "\n").repeat(2000);

    @TempDir
    private Path directory;

    private Path mailbox;
    private MailboxFile.Place place;

    @BeforeEach
    void begin() throws IOException {
        mailbox = directory.resolve("mbox");
        MailboxSettings settings = new MailboxSettings(
                List.of(LockStyle.FCNTL), 1, Duration.ofMillis(1), Duration.ofSeconds(500), 0, false);
        place = new MailboxFile.Place(mailbox, settings, -1, true, EnhancedStatus.of(5, 2, 0));
    }

    private static MailboxLetter letter(MessageBody body) {
        return new MailboxLetter(body, MailboxLetter.inFile(true), new CopyAddresses("a@a.test", "", "b@b.test"));
    }

    private static MailboxLetter letter(String wire) {
        return letter(FileBody.ofWire(wire));
    }

    /** One whose last part is asked for when much of it has been written. */
    private static MailboxLetter letter(Runnable onLastPart) {
        MessageBody body = FileBody.of(LARGE, 2);
        return letter((MessageBody) Proxy.newProxyInstance(
                MessageBody.class.getClassLoader(), new Class<?>[] {MessageBody.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("partChannel") && arguments[0].equals(1)) {
                        onLastPart.run();
                    }
                    return method.invoke(body, arguments);
                }));
    }

    private static MailboxLetter fatalLetter() {
        return letter(() -> {
            throw new AssertionError("killed");
        });
    }

    private MailboxFile process() {
        return new MailboxFile(new AppendRecords(directory.resolve("records")));
    }

    private void kill(MailboxLetter... letters) {
        MailboxFile files = process();
        assertThrows(AssertionError.class, () -> files.append(place, List.of(letters)));
    }

    private MailboxResult append(String wire) {
        MailboxResult result = process().append(place, letter(wire));
        assertTrue(result.isDelivered(), result::reason);
        return result;
    }

    private String bodies() throws IOException {
        return Files.readString(mailbox).replaceAll("(?m)^(From |Return-Path: |Delivered-To: ).*\n", "");
    }

    @Test
    void takesBackHalfALetterBeforeTheNextOne() throws IOException {
        append("first\r\n");
        long before = Files.size(mailbox);
        kill(letter("second\r\n"), fatalLetter());
        assertTrue(Files.size(mailbox) > before + 32_000, "some of it was written");
        MailboxResult result = append("third\r\n");
        assertEquals("first\n\nsecond\n\nthird\n\n", bodies());
        assertTrue(result.warnings().toString().matches("\\[.*: took back \\d+ bytes of a delivery that was cut off]"));
        assertEquals(List.of(), append("fourth\r\n").warnings());
    }

    @Test
    void takesBackAsMuchOfAWriteAsThereIs() throws IOException {
        append("first\r\n");
        long before = Files.size(mailbox);
        kill(fatalLetter());
        try (FileChannel file = FileChannel.open(mailbox, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 4000);
        }
        assertTrue(Files.size(mailbox) > before + 32_000);
        append("second\r\n");
        assertEquals("first\n\nsecond\n\n", bodies());
    }

    @Test
    void keepsNoRecordsBeyondItsEndButThoseOfHalfLetters() throws IOException {
        try (AppendRecords records = new AppendRecords(directory.resolve("records"))) {
            new MailboxFile(records).append(place, letter("first\r\n"));
        }
        assertFalse(Files.exists(directory.resolve("records")));
        kill(fatalLetter());
        try (AppendRecords records = new AppendRecords(directory.resolve("records"))) {
            new MailboxFile(records)
                    .append(
                            new MailboxFile.Place(
                                    directory.resolve("other"), place.settings(), -1, true, place.otherwise()),
                            letter("other\r\n"));
        }
        append("second\r\n");
        assertEquals("first\n\nsecond\n\n", bodies());
    }

    @Test
    void leavesWhatIsNotOnlyOurs() throws IOException {
        kill(fatalLetter());
        Files.writeString(mailbox, "\nFrom other\nother\n\n", StandardOpenOption.APPEND);
        long before = Files.size(mailbox);
        append("next\r\n");
        assertTrue(Files.size(mailbox) > before);
        assertTrue(Files.readString(mailbox).contains("\nFrom other\nother\n\nFrom "));
    }

    @Test
    void leavesWhatSomebodyHasChanged() throws IOException {
        kill(fatalLetter());
        long before = Files.size(mailbox);
        try (FileChannel file = FileChannel.open(mailbox, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'!'}), before - 10);
        }
        append("next\r\n");
        assertTrue(Files.size(mailbox) > before);
    }

    @Test
    void leavesAnotherMailboxAndRecordsOfAnotherBootAlone() throws IOException {
        kill(fatalLetter());
        long before = Files.size(mailbox);
        try (Stream<Path> files = Files.list(directory.resolve("records"))) {
            for (Path file : files.toList()) {
                Files.move(file, file.resolveSibling("other-boot.1.2.0"));
            }
        }
        append("next\r\n");
        assertTrue(Files.size(mailbox) > before);
        assertFalse(Files.exists(directory.resolve("records/other-boot.1.2.0")));
    }

    /** The system takes a process's locks of a file away when it closes any descriptor of it. */
    @Test
    void keepsItsLockWhenItHasLooked() throws IOException {
        Programs.require("python3");
        kill(fatalLetter());
        List<Integer> codes = new ArrayList<>();
        MailboxResult result = process().append(place, letter(() -> codes.add(lockOfAnother())));
        assertTrue(result.isDelivered(), result::reason);
        assertEquals(1, result.warnings().size());
        assertEquals(List.of(1), codes);
        assertEquals(0, lockOfAnother());
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("records"))));
    }

    private int lockOfAnother() {
        String script = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+'), fcntl.LOCK_EX | fcntl.LOCK_NB)";
        try {
            return new ProcessBuilder("python3", "-c", script, mailbox.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void deliversAllTheSameWhereNothingCanBeRecorded() throws IOException {
        Files.writeString(directory.resolve("records"), "");
        assertTrue(append("first\r\n").warnings().toString().contains("records of what is appended to "));
        assertEquals("first\n\n", bodies());
    }
}
