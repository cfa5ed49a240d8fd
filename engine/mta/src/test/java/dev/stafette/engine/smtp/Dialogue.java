// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.storage.CommitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A conversation in a file.
 *
 * <pre>
 * # a comment
 * @ name = value       a line of main.cf
 * @from 10.0.0.1       where the client comes from
 * @once                not to be cut into pieces: what it does depends on what comes together
 * @early               the client does not wait for the greeting
 * H: EHLO c.test       the greeting if it was not heard yet, and a command that is answered with 250, however many lines
 * E: sender -&gt; recipient,recipient     MAIL and RCPT, accepted
 * C: text              CRLF is added; \r \n \0 \\ \xHH stand for bytes, \c at the end for no CRLF, {n*text} for repetition
 * S: text              the next line of the server; * stands for anything. C lines up to here are one segment
 * S: &lt;close&gt;           the connection is closed
 * M: sender -&gt; recipient,recipient     the next message that is in the queue; none may be left at the end
 * B: text              a line of its content behind our Received field; as many as there are
 * L: text              this is in the log, at the end; * stands for anything
 * T: 1000              so many ms pass
 * Q: command           of the queue: hold, commit, short, full, failed, nospace, ok
 * X: drop              the client is gone
 * </pre>
 */
public final class Dialogue {
    /** How the client's segments are cut. */
    enum Cut {
        WHOLE,
        BYTES,
        INSIDE_CRLF
    }

    private final List<String> lines;
    private final List<String> mainCf = new ArrayList<>();
    private String from = "192.0.2.7";
    private boolean once;
    private boolean early;

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

    Dialogue(List<String> lines) {
        this.lines = lines;
        for (String line : lines) {
            if (line.startsWith("@ ")) {
                mainCf.add(line.substring(2));
            } else if (line.startsWith("@from ")) {
                from = line.substring(6).strip();
            }
            once |= line.equals("@once");
            early |= line.equals("@early");
        }
    }

    boolean isFor(Cut way) {
        return !once || way == Cut.WHOLE;
    }

    void run(Cut way) {
        cut = way;
        try (TestClient opened = new TestClient(new KeptQueue(), from, mainCf)) {
            client = opened;
            if (early) {
                client.connectOnly();
            } else {
                client.connect();
            }
            for (String line : lines) {
                if (line.length() > 2 && line.charAt(1) == ':') {
                    step(line.charAt(0), line.length() > 3 ? line.substring(3) : "", line);
                }
            }
            sendSegment();
            listen();
            assertEquals(List.of(), heard, "said by the server beyond the dialogue");
            assertEquals(bodyIndex, bodyLines.size(), () -> "lines of the body: " + bodyLines);
            assertEquals(messageIndex, client.queue().messages().size(), "messages in the queue");
            checkLog();
        }
    }

    private void step(char kind, String text, String line) {
        switch (kind) {
            case 'C':
                segment.append(unescape(text));
                break;
            case 'S':
                sendSegment();
                hear(text);
                break;
            case 'H':
                hello(text);
                break;
            case 'E':
                envelope(text);
                break;
            case 'M':
                sendSegment();
                nextMessage(text);
                break;
            case 'B':
                assertTrue(bodyIndex < bodyLines.size(), () -> "the body ends before: " + line);
                assertEquals(unescapeText(text), bodyLines.get(bodyIndex++));
                break;
            case 'L':
                expectedLog.add(text);
                break;
            case 'T':
                sendSegment();
                client.pass(Long.parseLong(text.strip()));
                break;
            case 'Q':
                sendSegment();
                tellQueue(text.strip());
                break;
            case 'X':
                sendSegment();
                client.disconnect();
                break;
            default:
                throw new IllegalArgumentException(line);
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
        segment.append(unescape(command));
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

    private void hear(String expected) {
        listen();
        if (expected.equals("<close>")) {
            assertEquals(List.of(), heard, "said before closing");
            assertTrue(client.isClosed(), "not closed");
            return;
        }
        assertTrue(!heard.isEmpty(), () -> "silence instead of: " + expected);
        String line = heard.remove(0);
        greeted = true;
        assertTrue(
                matches(expected, line),
                () -> "expected: " + expected + "\n     but: " + line + "\n    then: " + heard);
    }

    private static boolean matches(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.matches(regex.toString(), text);
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
                    logged.stream().anyMatch(line -> matches(expected, line)),
                    () -> "not in the log: " + expected + "\n" + String.join("\n", logged));
        }
    }

    static String unescape(String text) {
        boolean open = text.endsWith("\\c");
        return unescapeText(open ? text.substring(0, text.length() - 2) : text) + (open ? "" : "\r\n");
    }

    public static String unescapeText(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{' && text.substring(i).matches("\\{\\d+\\*.*?}.*")) {
                int star = text.indexOf('*', i);
                int end = text.indexOf('}', i);
                int count = Integer.parseInt(text.substring(i + 1, star));
                out.append(unescapeText(text.substring(star + 1, end)).repeat(count));
                i = end;
            } else if (c == '\\') {
                char escaped = text.charAt(++i);
                switch (escaped) {
                    case 'r' -> out.append('\r');
                    case 'n' -> out.append('\n');
                    case '0' -> out.append('\0');
                    case 'x' -> {
                        out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                        i += 2;
                    }
                    default -> out.append(escaped);
                }
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
