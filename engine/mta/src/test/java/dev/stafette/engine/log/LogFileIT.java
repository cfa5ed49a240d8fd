// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileIT {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static void write(LogFile file, String text) throws IOException {
        file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void appendsToWhatIsThere() throws IOException {
        Path path = directory.resolve("mail.log");
        Files.writeString(path, "old\n");
        try (LogFile file = LogFile.open(path, "0600")) {
            write(file, "new\n");
        }
        assertEquals("old\nnew\n", Files.readString(path));
    }

    @Test
    void letsThoseReadWhoMay() throws IOException {
        Path path = directory.resolve("mail.log");
        for (String permissions : List.of("0644", "640", "0600")) {
            try (LogFile file = LogFile.open(path, permissions)) {
                file.followRotation();
                write(file, "1\n");
                assertEquals(permissions.substring(permissions.length() - 3), mode(path));
                Files.move(path, directory.resolve("old"), StandardCopyOption.REPLACE_EXISTING);
                file.followRotation();
                assertEquals(permissions.substring(permissions.length() - 3), mode(path));
                Files.delete(path);
            }
        }
        Files.writeString(path, "x\n");
        Files.setAttribute(path, "unix:mode", 0600);
        LogFile.open(path, "0644").close();
        assertEquals("600", mode(path), "an operator said so");
    }

    private static String mode(Path path) throws IOException {
        return Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 0777);
    }

    @Test
    void followsARenamedFile() throws IOException {
        Path path = directory.resolve("mail.log");
        Path rotated = directory.resolve("mail.log.1");
        try (LogFile file = LogFile.open(path, "0600")) {
            write(file, "1\n");
            file.followRotation();
            write(file, "2\n");
            Files.move(path, rotated);
            write(file, "3\n");
            file.followRotation();
            write(file, "4\n");
        }
        assertEquals("1\n2\n3\n", Files.readString(rotated));
        assertEquals("4\n", Files.readString(path));
    }

    @Test
    void followsAFileThatWasRemovedAndMadeAnew() throws IOException {
        Path path = directory.resolve("mail.log");
        try (LogFile file = LogFile.open(path, "0600")) {
            write(file, "1\n");
            Files.delete(path);
            Files.writeString(path, "0\n");
            file.followRotation();
            write(file, "2\n");
        }
        assertEquals("0\n2\n", Files.readString(path));
    }

    @Test
    void goesOnWithTheOldFileWhileANewOneCannotBeMade() throws IOException {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Path path = logs.resolve("mail.log");
        Path moved = directory.resolve("moved");
        try (LogFile file = LogFile.open(path, "0600")) {
            Files.move(logs, moved);
            file.followRotation();
            write(file, "1\n");
            Files.createDirectory(logs);
            file.followRotation();
            write(file, "2\n");
        }
        assertEquals("1\n", Files.readString(moved.resolve("mail.log")));
        assertEquals("2\n", Files.readString(path));
    }

    @Test
    void changesTheFileOnReload() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        LogSettings settings = new LogSettings(first, "0600", "mail", "mx1", "postfix", 1, 2, ZoneOffset.UTC, false);
        MailLog log = MailLog.open(settings);
        log.removed("A");
        awaitContent(first);
        log.reload(new LogSettings(second, "0600", "mail", "mx1", "mta2", 1, 2, ZoneOffset.UTC, false));
        log.removed("B");
        log.close();
        String line = awaitContent(second).strip();
        assertEquals(1, Files.readAllLines(first).size());
        assertEquals("mx1 mta2/qmgr[1]: B: removed", line.substring(line.indexOf("mx1")));
    }

    /** Of one that a log writes to, in blocks of whole lines. */
    static String awaitContent(Path file) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(file) || Files.size(file) == 0) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "nothing in " + file);
            Thread.yield();
        }
        return Files.readString(file);
    }

    @Test
    void saysWhyAFileCannotBeOpened() {
        LogSettings settings = new LogSettings(
                directory.resolve("none/mail.log"), "0600", "mail", "mx1", "postfix", 1, 2, ZoneOffset.UTC, false);
        assertThrows(IOException.class, () -> MailLog.open(settings));
    }
}
