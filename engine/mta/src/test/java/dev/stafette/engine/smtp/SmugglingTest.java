// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** CVE-2023-51764: whatever looks like the end of a message to somebody is it to us in one case only. */
class SmugglingTest {
    private static final List<String> ENDS = List.of(
            "\n.\n",
            "\n.\r\n",
            "\r\n.\n",
            "\r.\r\n",
            "\r.\r",
            "\n.\r",
            "\r.\n",
            "\r\n.\r",
            "\r\r\n.\r\r\n",
            "\r\n.\r\r\n",
            "\r\n\0.\r\n",
            "\r\n.\0\r\n",
            "\n\r.\r\n",
            "\r\n.\n\r");

    private static final String SMUGGLED =
            "MAIL FROM:<evil@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n" + "Subject: smuggled\r\n\r\nboo\r\n.\r\n";

    static Stream<Arguments> matrix() {
        return ENDS.stream()
                .flatMap(end -> Stream.of("normalize", "note", "reject")
                        .flatMap(mode -> Arrays.stream(ServerDialogue.Cut.values())
                                .map(cut ->
                                        Arguments.of(end.replace("\r", "CR ").replace("\n", "LF "), end, mode, cut))));
    }

    @ParameterizedTest(name = "{0} {2} {3}")
    @MethodSource("matrix")
    void takesOneMessageAtMost(String shown, String end, String mode, ServerDialogue.Cut cut) {
        KeptQueue queue = new KeptQueue();
        try (TestClient client = new TestClient(queue, "192.0.2.7", List.of("smtpd_forbid_bare_newline = " + mode))) {
            client.connect();
            client.send("EHLO c.test\r\n");
            client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
            client.received();
            List<String> replies = new ArrayList<>();
            for (String segment : cut(cut, "Subject: s\r\n\r\nx" + end + SMUGGLED)) {
                client.send(segment);
                replies.addAll(client.received().lines().toList());
            }
            assertEquals(1, replies.size(), () -> replies.toString());
            assertTrue(replies.get(0).startsWith("250 2.0.0 Ok: queued as ")
                    || replies.get(0).startsWith("550 5.5.2 "));
            boolean bareLineFeed = end.replace("\r\n", "").contains("\n");
            assertEquals(
                    mode.equals("reject") && bareLineFeed ? 0 : 1,
                    queue.messages().size());
            queue.messages().forEach(message -> {
                assertEquals("a@a.test", message.envelope().sender().external());
                assertTrue(message.content().replace("\r\n", "").indexOf('\r') < 0);
                assertTrue(message.content().replace("\r\n", "").indexOf('\n') < 0);
                assertEquals(message.content().length() - 5, message.content().indexOf("\r\n.\r\n"));
            });
        }
    }

    private static List<String> cut(ServerDialogue.Cut way, String text) {
        return switch (way) {
            case WHOLE -> List.of(text);
            case BYTES ->
                List.of(text.split("(?<=.)", -1)).stream()
                        .filter(part -> !part.isEmpty())
                        .toList();
            case INSIDE_CRLF ->
                List.of(text.split("(?<=[\\r.])")).stream()
                        .filter(part -> !part.isEmpty())
                        .toList();
        };
    }
}
