// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.mailbox.MailboxSettings.LockStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mailboxes on a file system of 64 KB. */
@Timeout(180)
class FullMailboxIT {
    private static final EnhancedStatus OTHERWISE = EnhancedStatus.of(5, 2, 0);
    private static final CopyAddresses ADDRESSES = new CopyAddresses("a@a.test", "To@b.test", "to@b.test");
    private static final String LARGE = ("x".repeat(998) + "\r\n").repeat(200);

    @TempDir
    private Path temporary;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        disk = Files.createDirectory(temporary.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0,
                "skipped: no file system can be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        if (disk != null) {
            run("umount", "-l", disk.toString());
        }
    }

    private static int run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    private MailboxResult append(Path mailbox, String wire) throws IOException {
        MailboxSettings settings = new MailboxSettings(
                List.of(LockStyle.FCNTL, LockStyle.DOTLOCK), 2, Duration.ofMillis(1), Duration.ofSeconds(500), 0, true);
        return new MailboxFile(AppendRecords.none())
                .append(
                        new MailboxFile.Place(
                                mailbox, settings, FileFacts.of(disk).uid(), true, OTHERWISE),
                        new MailboxLetter(FileBody.ofWire(wire), MailboxLetter.inFile(true), ADDRESSES));
    }

    private MailboxResult deliver(Path place, String wire) throws IOException {
        return new Maildir("mx.test")
                .deliver(
                        new Maildir.Place(place, 0, OTHERWISE),
                        new MailboxLetter(FileBody.ofWire(wire), MailboxLetter.inDirectory(true), ADDRESSES));
    }

    private static long count(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.count();
        }
    }

    @Test
    void leavesTheMailboxAsItWasAndLetsMailWait() throws IOException {
        Path mailbox = disk.resolve("mbox");
        assertTrue(append(mailbox, "first\r\n").isDelivered());
        String before = Files.readString(mailbox);
        MailboxResult result = append(mailbox, LARGE);
        assertEquals("error writing message: No space left on device", result.reason());
        assertEquals("4.3.0", result.status().toString());
        assertEquals(before, Files.readString(mailbox));
        assertEquals(1, count(disk), "the lock file has gone");
        assertTrue(append(mailbox, "second\r\n").isDelivered());
    }

    @Test
    void leavesNothingInAMaildirAndLetsMailWait() throws IOException {
        Path place = disk.resolve("Maildir");
        assertTrue(deliver(place, "first\r\n").isDelivered());
        MailboxResult result = deliver(place, LARGE);
        assertEquals("maildir delivery failed: error writing message: No space left on device", result.reason());
        assertEquals("4.3.0", result.status().toString());
        assertEquals(0, count(place.resolve("tmp")));
        assertEquals(1, count(place.resolve("new")));
        assertTrue(deliver(place, "second\r\n").isDelivered());
    }

    @Test
    void returnsMailToWhomAQuotaLetsHaveNoMore() {
        assertEquals(
                "5.2.2", SystemReason.status("Disk quota exceeded", OTHERWISE).toString());
    }
}
