// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that are bombs, and bytes that do not belong in mail: an answer, and no more memory than other mail has. */
class HostileContentTest {
    /** Of the loop, for content that is on its way to the disk. */
    private static final long MEMORY_BYTES_MAX = 1 << 20;

    private static final int BYTES = 4_000_000;

    private static final List<String> TABLES = List.of(
            "canonical_maps = inline:{ { a@a.test = z@a.test } }",
            "header_checks = inline:{ { X-No = REJECT } }",
            "always_add_missing_headers = yes");

    private final KeptQueue queue = new KeptQueue();

    private TestClient client(List<String> mainCf) {
        TestClient client = new TestClient(queue, "192.0.2.7", mainCf);
        client.connect();
        client.send("EHLO c.test\r\n");
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        client.received();
        return client;
    }

    /** Sends it in segments of the usual size, and looks at what is in memory behind each. */
    private static void send(TestClient client, String text) {
        for (int at = 0; at < text.length(); at += 16_000) {
            client.send(text.substring(at, Math.min(at + 16_000, text.length())));
            long bytes = client.service().intake().bodyBytes();
            assertTrue(bytes <= 2 * MEMORY_BYTES_MAX, () -> bytes + " bytes in memory");
        }
    }

    private static String bomb(String kind) {
        return switch (kind) {
            case "long fields" -> ("X-Field: " + "x".repeat(900) + "\r\n").repeat(BYTES / 911);
            case "short fields" -> "X: y\r\n".repeat(BYTES / 6);
            case "one field" -> "X-Field: x\r\n" + (" " + "x".repeat(900) + "\r\n").repeat(BYTES / 903);
            case "addresses" -> "To: u0@b.test" + ",\r\n a@a.test".repeat(BYTES / 12) + "\r\n";
            case "one line" -> "X-Field: " + "x".repeat(BYTES) + "\r\n";
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @CsvSource({"long fields", "short fields", "one field", "addresses", "one line"})
    void keepsNoHugeHeaderInMemory(String kind) {
        for (List<String> mainCf : List.of(List.<String>of(), TABLES)) {
            try (TestClient client = client(mainCf)) {
                send(client, bomb(kind) + "\r\ntext\r\n.\r\n");
                String reply = client.received();
                // So many fields are looked at, and go to the disk with the text; others wait for their header's end.
                boolean isTaken = kind.equals("short fields");
                String expected = isTaken ? "250 2.0.0 Ok: queued as " : "452 4.3.1 Insufficient system storage";
                assertTrue(reply.startsWith(expected), () -> kind + mainCf + ": " + reply);
                assertEquals(0, client.service().intake().bodyBytes());
                client.send("RSET\r\n");
                assertEquals("250 2.0.0 Ok\r\n", client.received());
            }
        }
        queue.messages().forEach(kept -> assertTrue(kept.content().endsWith("\r\ntext\r\n.\r\n")));
    }

    @Test
    void refusesAHeaderThatIsLargerThanAMessageMayBe() {
        try (TestClient client = client(List.of("message_size_limit = 1000000"))) {
            send(client, bomb("long fields") + "\r\ntext\r\n.\r\n");
            assertEquals("552 5.3.4 Error: message file too big\r\n", client.received());
            assertEquals(0, client.service().intake().bodyBytes());
        }
        assertEquals(List.of(), queue.messages());
    }

    /** As Postfix without message_reject_characters: what is in the text is the readers' business. */
    @Test
    void takesNulInContentAsItIs() {
        try (TestClient client = client(List.of())) {
            client.send("Subject: a\0b\r\n\r\nx\0y\r\n\0\r\n.\r\n");
            assertTrue(client.received().startsWith("250 2.0.0 Ok: queued as "));
        }
        String content = queue.messages().get(0).content();
        assertTrue(content.contains("x\0y\r\n\0\r\n.\r\n"), content);
    }

    @Test
    void refusesOrStripsTheBytesThatItIsToldTo() {
        try (TestClient client = client(List.of("message_reject_characters = \\0"))) {
            client.send("Subject: s\r\n\r\nx\0y\r\n.\r\n");
            assertTrue(client.received().startsWith("550 5.7.1 "));
        }
        assertEquals(List.of(), queue.messages());
        try (TestClient client = client(List.of("message_strip_characters = \\0"))) {
            client.send("Subject: s\r\n\r\nx\0y\r\n.\r\n");
            assertTrue(client.received().startsWith("250 "));
        }
        assertTrue(queue.messages().get(0).content().contains("\r\nxy\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"EHLO c\\0.test", "HELO \\0", "MAIL FROM:<a\\0b@a.test>", "VRFY a\\0b", "NOOP\\0", "ETRN a\\0.test"})
    void refusesNulInCommandsOrTakesItForTheirEnd(String command) {
        try (TestClient client = new TestClient(queue, "192.0.2.7", List.of())) {
            client.connect();
            client.send("EHLO c.test\r\n");
            client.received();
            client.send(command.replace("\\0", "\0") + "\r\n");
            String reply = client.received();
            assertTrue(reply.matches("(?s)[245][0-9]{2}[ -].*"), reply);
            assertTrue(reply.indexOf('\0') < 0, reply);
            client.send("NOOP\r\n");
            assertEquals("250 2.0.0 Ok\r\n", client.received());
        }
    }
}
