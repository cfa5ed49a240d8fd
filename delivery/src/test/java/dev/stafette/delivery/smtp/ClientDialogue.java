// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A dialogue of our client with a server, in the grammar of {@link Dialogue}, with the messages that cause it and what is
 * reported of them.
 *
 * <pre>
 * @timeout 300                                     every time-out in s          @never-ehlo
 * @lmtp                                           and @lmtp-final, with lmtp_assume_final
 * @whole                                           not to be played byte by byte
 * @origin                                          servers are told whom a message came from: O:
 * O: name address port protocol helo id LOCAL      of the message in the line before; - where it is not known
 * M: a@a.test -&gt; u@b.test,v@b.test | line\nline   a message; the next one goes when this one is reported
 * U: a@a.test -&gt; u@b.test | line\nline            one with SMTPUTF8
 * V: a@a.test -&gt; u@b.test,v@b.test               one that only asks for its recipients
 * == connection                                    what follows is another connection's
 * S: 220 mx.test                                   sent; neighbouring lines in one write, up to one without a line end
 * S! close | reset | drip                          what the server does
 * T: 150                                           so many s pass for the client, where there is a @timeout
 * C: QUIT                                          expected
 * B: line                                          content expected, unstuffed; a lone B: \c when it is empty
 * C! close                                         the client is expected to close without a word
 * R: u@b.test sent 2.0.0 250 2.0.0 Ok              reported; %h is the server's label
 * F: text                                          the site failure reported; a message without has none
 * </pre>
 */
final class ClientDialogue {
    record Message(Envelope envelope, String content, List<String> results, List<String> siteFailures) {}

    final String name;
    final List<Message> messages = new ArrayList<>();
    final List<FakeSite.Script> connections = new ArrayList<>();
    final List<Dialogue.Line> options = new ArrayList<>();
    /** The client's clock. Written by the test before there are connections, read by the server. */
    volatile Consumer<Duration> clock = time -> {
        throw new IllegalStateException("no clock");
    };

    // Of the connection that is read.
    private List<FakeSite.Script> steps = new ArrayList<>();
    private final StringBuilder reply = new StringBuilder();
    private @Nullable StringBuilder content;

    private ClientDialogue(String name) {
        this.name = name;
    }

    static ClientDialogue read(Path file) throws IOException {
        ClientDialogue dialogue =
                new ClientDialogue(file.getFileName().toString().replace(".txt", ""));
        for (Dialogue.Section connection : Dialogue.read(file)) {
            connection.lines().forEach(dialogue::add);
            dialogue.endConnection();
        }
        return dialogue;
    }

    private void endConnection() {
        endReply();
        endContent();
        List<FakeSite.Script> all = List.copyOf(steps);
        steps = new ArrayList<>();
        connections.add(wire -> {
            for (FakeSite.Script step : all) {
                step.play(wire);
            }
        });
    }

    private void endReply() {
        if (reply.length() > 0) {
            String bytes = reply.toString();
            reply.setLength(0);
            steps.add(wire -> wire.send(bytes));
        }
    }

    private void endContent() {
        if (content != null) {
            String expected = content.toString();
            content = null;
            steps.add(wire -> {
                String actual = wire.readContent();
                if (!actual.equals(expected)) {
                    throw new FakeSite.Mismatch("content: '" + actual + "'");
                }
            });
        }
    }

    private void add(Dialogue.Line line) {
        if (line.key().equals("S:")) {
            endContent();
            String bytes = line.wire();
            reply.append(bytes);
            if (!bytes.endsWith("\n")) {
                endReply();
            }
            return;
        }
        endReply();
        if (line.key().equals("B:")) {
            content = content == null ? new StringBuilder() : content;
            content.append(Dialogue.wire(line.text()).replace("\r\n", "\n"));
            return;
        }
        endContent();
        if (line.key().startsWith("@")) {
            options.add(line);
        } else {
            addStep(line);
        }
    }

    private void addStep(Dialogue.Line line) {
        switch (line.key()) {
            case "C:" -> steps.add(wire -> wire.expect(line.bytes()));
            case "C!" -> steps.add(FakeSite.Wire::expectClose);
            case "S!" -> steps.add(act(line.text()));
            case "T:" -> steps.add(wire -> clock.accept(Duration.ofSeconds(Long.parseLong(line.text()))));
            case "M:" -> messages.add(message(line.text(), TraceMode.NONE));
            case "U:" -> {
                Message plain = message(line.text(), TraceMode.NONE);
                messages.add(new Message(
                        plain.envelope().withSmtpUtf8(), plain.content(), plain.results(), plain.siteFailures()));
            }
            case "V:" -> messages.add(message(line.text(), TraceMode.VERIFY));
            case "O:" -> {
                Message last = messages.remove(messages.size() - 1);
                messages.add(new Message(
                        last.envelope().withOrigin(origin(line.text())),
                        last.content(),
                        last.results(),
                        last.siteFailures()));
            }
            case "R:" -> messages.get(messages.size() - 1).results.add(line.text());
            case "F:" -> messages.get(messages.size() - 1).siteFailures.add(line.text());
            default -> throw new IllegalArgumentException(name + ": " + line);
        }
    }

    private static FakeSite.Script act(String action) {
        return switch (action) {
            case "close" -> wire -> wire.socket().close();
            case "reset" -> FakeSite.Wire::reset;
            case "drip" -> FakeSite.Wire::drip;
            default -> throw new IllegalArgumentException(action);
        };
    }

    private static MessageOrigin origin(String text) {
        @Nullable String[] words = text.split(" ");
        for (int i = 0; i < words.length; i++) {
            words[i] = "-".equals(words[i]) ? null : words[i];
        }
        return new MessageOrigin(words[0], words[1], words[2], words[3], words[4], words[5], "LOCAL".equals(words[6]));
    }

    private static Message message(String text, TraceMode trace) {
        String[] parts = text.split(" \\| ?", 2);
        String[] addresses = parts[0].split(" -> ");
        Envelope envelope =
                Courier.envelope(trace, addresses[0].equals("<>") ? "" : addresses[0], addresses[1].split(","));
        String content = parts.length > 1 ? Dialogue.unescape(parts[1]) : "hello\n";
        return new Message(envelope, content, new ArrayList<>(), new ArrayList<>());
    }
}
