// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.copy.CopyAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaildirTest {
    private static final CopyAddresses ADDRESSES = new CopyAddresses("", "", "to@b.test");

    @TempDir
    private Path directory;

    private final Maildir maildir = new Maildir("mx/1:a.test");

    private MailboxResult deliver(Path place, String wire, long sizeMax) throws IOException {
        return maildir.deliver(
                new Maildir.Place(place, sizeMax, EnhancedStatus.of(5, 2, 0)),
                new MailboxLetter(FileBody.ofWire(wire), MailboxLetter.inDirectory(true), ADDRESSES));
    }

    private static List<Path> list(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.toList();
        }
    }

    @Test
    void makesTheMaildirAndPutsTheMessageIntoNew() throws IOException {
        Path place = directory.resolve("home/Maildir");
        MailboxResult result = deliver(place, "Subject: s\r\n\r\nFrom me\r\n..x\r\n", 0);
        assertTrue(result.isDelivered(), result::reason);
        assertEquals(List.of(), list(place.resolve("tmp")));
        assertEquals(List.of(), list(place.resolve("cur")));
        List<Path> messages = list(place.resolve("new"));
        assertEquals(1, messages.size());
        String name = messages.get(0).getFileName().toString();
        assertTrue(name.matches("\\d+\\.V[0-9a-f]+I[0-9a-f]+M\\d+\\.mx\\\\0571\\\\072a\\.test"), name);
        assertEquals(
                "Return-Path: <>\nDelivered-To: to@b.test\nSubject: s\n\nFrom me\n.x\n",
                Files.readString(messages.get(0)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(messages.get(0))));
        for (String part : List.of("tmp", "new", "cur")) {
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve(part))));
        }
    }

    @Test
    void leavesNothingOfAMessageThatIsTooLarge() throws IOException {
        Path place = directory.resolve("Maildir");
        MailboxResult result = deliver(place, "x".repeat(500) + "\r\n", 100);
        assertEquals("maildir delivery failed: error writing message: File too large", result.reason());
        assertEquals("5.2.2", result.status().toString());
        assertEquals(List.of(), list(place.resolve("tmp")));
    }

    private MailboxLetter letter(String wire) throws IOException {
        return new MailboxLetter(FileBody.ofWire(wire), MailboxLetter.inDirectory(true), ADDRESSES);
    }

    @Test
    void putsInWhatComesTogetherButForTheOneThatIsTooLarge() throws IOException {
        Path place = directory.resolve("Maildir");
        List<MailboxResult> results = maildir.deliver(
                new Maildir.Place(place, 100, EnhancedStatus.of(5, 2, 0)),
                List.of(letter("a\r\n"), letter("x".repeat(500) + "\r\n"), letter("b\r\n")));
        assertEquals(
                List.of("2.0.0", "5.2.2", "2.0.0"),
                results.stream().map(result -> result.status().toString()).toList());
        assertEquals(List.of(), list(place.resolve("tmp")));
        StringBuilder all = new StringBuilder();
        for (Path file : list(place.resolve("new"))) {
            all.append(Files.readString(file));
        }
        assertTrue(all.indexOf("\na\n") > 0 && all.indexOf("\nb\n") > 0 && all.indexOf("x") < 0, all::toString);
    }

    @Test
    void saysWhatIsInTheWay() throws IOException {
        Path place = Files.writeString(directory.resolve("Maildir"), "a file");
        MailboxResult result = deliver(place, "a\r\n", 0);
        assertTrue(
                result.reason().startsWith("maildir delivery failed: create maildir file " + place + "/tmp/"),
                result::reason);
        assertTrue(result.reason().endsWith(": Not a directory"), result::reason);
        assertEquals("5.2.0", result.status().toString());
    }

    @Test
    void givesEachOfManyMessagesANameOfItsOwn() throws Exception {
        Path place = directory.resolve("Maildir");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> {
                for (int j = 0; j < 25; j++) {
                    try {
                        assertTrue(deliver(place, "a\r\n", 0).isDelivered());
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
        assertEquals(200, list(place.resolve("new")).size());
        assertEquals(List.of(), list(place.resolve("tmp")));
    }
}
