// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.TraceMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A dialogue between our client and a server, with the messages that cause it and what is reported of them.
 *
 * <pre>
 *   # remark
 *   X: timeout 200      every time-out in ms         X: never-ehlo
 *   X: whole            not to be played byte by byte
 *   M: a@a.test > u@b.test v@b.test | line\nline     a message; the next one goes when this one is reported
 *   V: a@a.test > u@b.test v@b.test                  one that only asks for its recipients
 *   == connection                                    what follows is another connection's
 *   S: 220 mx.test                                   sent; neighbouring lines in one write; \x1b and \n as in Java
 *   S* 354 partial                                   sent without a line end
 *   S! close | reset | pause MS | drip               what the server does
 *   C: QUIT                                          expected
 *   C. line\nline                                    content expected, unstuffed
 *   C! close                                         the client is expected to close without a word
 *   R: u@b.test sent 2.0.0 250 2.0.0 Ok              reported; %h is the server's label
 *   R- text                                          the site failure reported; a message without has none
 * </pre>
 */
final class Dialogue {
    record Message(Envelope envelope, String content, List<String> results, List<String> siteFailures) {}

    final String name;
    final List<Message> messages = new ArrayList<>();
    final List<FakeSite.Script> connections = new ArrayList<>();
    final List<String> options = new ArrayList<>();

    private Dialogue(String name) {
        this.name = name;
    }

    static Dialogue read(Path file) throws IOException {
        Dialogue dialogue = new Dialogue(file.getFileName().toString().replace(".txt", ""));
        List<FakeSite.Script> steps = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            if (pending.length() > 0 && !line.startsWith("S: ")) {
                String bytes = pending.toString();
                pending.setLength(0);
                steps.add(wire -> wire.send(bytes));
            }
            if (line.startsWith("S: ")) {
                pending.append(unescape(line.substring(3))).append("\r\n");
            } else if (line.startsWith("==")) {
                dialogue.connections.add(sequence(steps));
                steps = new ArrayList<>();
            } else {
                dialogue.add(line, steps);
            }
        }
        if (pending.length() > 0) {
            String bytes = pending.toString();
            steps.add(wire -> wire.send(bytes));
        }
        dialogue.connections.add(sequence(steps));
        return dialogue;
    }

    private static FakeSite.Script sequence(List<FakeSite.Script> steps) {
        List<FakeSite.Script> all = List.copyOf(steps);
        return wire -> {
            for (FakeSite.Script step : all) {
                step.play(wire);
            }
        };
    }

    private void add(String line, List<FakeSite.Script> steps) {
        String rest = line.length() > 3 ? line.substring(3) : "";
        switch (line.length() < 2 ? "" : line.substring(0, 2)) {
            case "C:" -> steps.add(wire -> wire.expect(unescape(rest)));
            case "C." ->
                steps.add(wire -> {
                    String content = wire.readContent();
                    if (!content.equals(unescape(rest))) {
                        throw new FakeSite.Mismatch("content: '" + content + "'");
                    }
                });
            case "C!" -> steps.add(FakeSite.Wire::expectClose);
            case "S*" -> steps.add(wire -> wire.send(unescape(rest)));
            case "S!" -> steps.add(act(rest));
            case "M:" -> messages.add(message(rest, TraceMode.NONE));
            case "V:" -> messages.add(message(rest, TraceMode.VERIFY));
            case "R:" -> messages.get(messages.size() - 1).results.add(rest);
            case "R-" -> messages.get(messages.size() - 1).siteFailures.add(rest);
            case "X:" -> options.add(rest);
            case "", "# ", "#" -> {
                // A remark.
            }
            default -> throw new IllegalArgumentException(name + ": " + line);
        }
    }

    private static FakeSite.Script act(String action) {
        if (action.startsWith("pause ")) {
            long ms = Long.parseLong(action.substring(6));
            return wire -> {
                try {
                    Thread.sleep(ms);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
        }
        return switch (action) {
            case "close" -> wire -> wire.socket().close();
            case "reset" -> FakeSite.Wire::reset;
            case "drip" -> FakeSite.Wire::drip;
            default -> throw new IllegalArgumentException(action);
        };
    }

    private static Message message(String text, TraceMode trace) {
        String[] parts = text.split(" \\| ", 2);
        String[] addresses = parts[0].split(" > ");
        Envelope envelope =
                Courier.envelope(trace, addresses[0].equals("<>") ? "" : addresses[0], addresses[1].split(" "));
        String content = parts.length > 1 ? unescape(parts[1]) : "hello\n";
        return new Message(envelope, content, new ArrayList<>(), new ArrayList<>());
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\' && text.charAt(i + 1) == 'x') {
                out.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (text.charAt(i) == '\\') {
                i++;
                out.append(text.charAt(i) == 'n' ? '\n' : text.charAt(i) == 'r' ? '\r' : text.charAt(i));
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
