// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.testing.Dialogue;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.storage.CommitResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A dialogue of our server with a client, in the grammar of {@link Dialogue}.
 *
 * <pre>
 * @ name = value       a line of main.cf
 * @from 10.0.0.1       where the client comes from
 * @whole               not to be cut into pieces: what it does depends on what comes together
 * @early               the client does not wait for the greeting
 * H: EHLO c.test       the greeting if it was not heard yet, and a command that is answered with 250, however many lines
 * E: sender -&gt; recipient,recipient     MAIL and RCPT, accepted
 * S: text              the next line of the server; * stands for anything. C lines up to here are one segment
 * S! close             the connection is closed
 * M: sender -&gt; recipient,recipient     the next message that is in the queue; none may be left at the end
 * B: text              a line of its content behind our Received field; as many as there are
 * L: text              this is in the log, at the end; * stands for anything
 * Q: command           of the queue: hold, commit, short, full, failed, nospace, ok
 * C! close             the client is gone
 * </pre>
 */
final class ServerDialogue {
    /** How the client's segments are cut. */
    enum Cut {
        WHOLE,
        BYTES,
        INSIDE_CRLF
    }

    private final Dialogue.Section section;

    // One run.
    private TestClient client;
    private Cut cut = Cut.WHOLE;
    private final StringBuilder segment = new StringBuilder();
    private final List<String> heard = new ArrayList<>();
    private final List<String> expectedLog = new ArrayList<>();
    private boolean greeted;
    private int messageIndex;
    private List<String> bodyLines = List.of();
    private int bodyIndex;

    ServerDialogue(Path file) throws IOException {
        List<Dialogue.Section> sections = Dialogue.read(file);
        assertEquals(1, sections.size(), () -> "sections of " + file);
        section = sections.get(0);
    }

    boolean isFor(Cut way) {
        return way == Cut.WHOLE || !section.has("@whole");
    }

    void run(Cut way) {
        cut = way;
        String from = section.texts("@from").stream().findFirst().orElse("192.0.2.7");
        try (TestClient opened = new TestClient(new KeptQueue(), from, section.texts("@"))) {
            client = opened;
            if (section.has("@early")) {
                client.connectOnly();
            } else {
                client.connect();
            }
            section.lines().forEach(this::play);
            sendSegment();
            listen();
            assertEquals(List.of(), heard, "said by the server beyond the dialogue");
            assertEquals(bodyIndex, bodyLines.size(), () -> "lines of the body: " + bodyLines);
            assertEquals(messageIndex, client.queue().messages().size(), "messages in the queue");
            checkLog();
        }
    }

    private void play(Dialogue.Line line) {
        switch (line.key()) {
            case "@", "@from", "@whole", "@early" -> {
                // Settings, which have been looked at.
            }
            case "C:" -> segment.append(line.wire());
            case "H:" -> hello(line.text());
            case "E:" -> envelope(line.text());
            case "L:" -> expectedLog.add(line.text());
            case "B:" -> {
                assertTrue(bodyIndex < bodyLines.size(), () -> "the body ends before: " + line);
                assertEquals(line.bytes(), bodyLines.get(bodyIndex++));
            }
            default -> {
                sendSegment();
                playBehindSegment(line);
            }
        }
    }

    private void playBehindSegment(Dialogue.Line line) {
        switch (line.key()) {
            case "S:" -> hear(line.text());
            case "S!" -> hearClose();
            case "C!" -> client.disconnect();
            case "M:" -> nextMessage(line.text());
            case "T:" -> client.pass(Long.parseLong(line.text()));
            case "Q:" -> tellQueue(line.text());
            default -> throw new IllegalArgumentException(line.toString());
        }
    }

    private void hello(String command) {
        if (!greeted) {
            hear("220 *");
        }
        expectAccepted(command);
    }

    private void envelope(String text) {
        String[] ends = text.strip().split(" -> ");
        expectAccepted("MAIL FROM:<" + ends[0] + ">");
        for (String recipient : ends[1].split(",")) {
            expectAccepted("RCPT TO:<" + recipient + ">");
        }
    }

    private void expectAccepted(String command) {
        segment.append(Dialogue.wire(command));
        sendSegment();
        listen();
        assertTrue(
                !heard.isEmpty() && heard.stream().allMatch(line -> line.startsWith("250")),
                () -> command + ": " + heard);
        heard.clear();
    }

    private void sendSegment() {
        String text = segment.toString();
        segment.setLength(0);
        switch (cut) {
            case WHOLE:
                if (!text.isEmpty()) {
                    client.send(text);
                }
                break;
            case BYTES:
                for (int i = 0; i < text.length(); i++) {
                    client.send(text.substring(i, i + 1));
                    client.run();
                }
                break;
            default:
                int start = 0;
                for (int i = 0; i <= text.length(); i++) {
                    if (i == text.length() || text.charAt(i) == '\n') {
                        if (i > start) {
                            client.send(text.substring(start, i));
                            client.run();
                        }
                        start = i;
                    }
                }
        }
    }

    private void listen() {
        for (String line : client.received().split("\r\n")) {
            if (!line.isEmpty()) {
                heard.add(line);
            }
        }
    }

    private void hearClose() {
        listen();
        assertEquals(List.of(), heard, "said before closing");
        assertTrue(client.isClosed(), "not closed");
    }

    private void hear(String expected) {
        listen();
        assertTrue(!heard.isEmpty(), () -> "silence instead of: " + expected);
        String line = heard.remove(0);
        greeted = true;
        assertTrue(
                Dialogue.matches(expected, line),
                () -> "expected: " + expected + "\n     but: " + line + "\n    then: " + heard);
    }

    private void nextMessage(String expected) {
        assertEquals(bodyIndex, bodyLines.size(), () -> "lines of the body: " + bodyLines);
        client.run();
        assertTrue(messageIndex < client.queue().messages().size(), () -> "no message: " + expected);
        KeptQueue.Kept message = client.queue().messages().get(messageIndex++);
        MailAddress sender = message.envelope().sender();
        List<String> recipients = new ArrayList<>();
        message.envelope()
                .recipients()
                .forEach(one -> recipients.add(one.address().external()));
        assertEquals(
                expected.strip(), (sender.isNull() ? "<>" : sender.external()) + " -> " + String.join(",", recipients));
        String body = message.body();
        bodyLines = body.isEmpty()
                ? List.of()
                : List.of(body.substring(0, body.length() - 2).split("\r\n", -1));
        bodyIndex = 0;
    }

    private void tellQueue(String command) {
        KeptQueue queue = client.queue();
        switch (command) {
            case "hold" -> queue.holds = true;
            case "commit" -> {
                queue.holds = false;
                queue.commit();
                client.run();
            }
            case "short" -> queue.isShort = true;
            case "small" -> queue.roomBytes = 5_000_000;
            case "full" -> queue.isFull = true;
            case "failed" -> queue.result = CommitResult.FAILED;
            case "nospace" -> queue.result = CommitResult.NO_SPACE;
            case "ok" -> {
                queue.result = CommitResult.DURABLE;
                queue.isShort = false;
                queue.roomBytes = Long.MAX_VALUE;
                queue.isFull = false;
            }
            default -> throw new IllegalArgumentException(command);
        }
    }

    private void checkLog() {
        List<String> logged = client.logLines();
        for (String expected : expectedLog) {
            assertTrue(
                    logged.stream().anyMatch(line -> Dialogue.matches(expected, line)),
                    () -> "not in the log: " + expected + "\n" + String.join("\n", logged));
        }
    }
}
