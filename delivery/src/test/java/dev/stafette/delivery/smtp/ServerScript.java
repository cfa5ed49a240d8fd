// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.testing.Dialogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a table of servers: what each answers to each command, and what a client makes of it; in the grammar of
 * {@link Dialogue}.
 *
 * <pre>
 *   == name option…
 *   1 RCPT: 250 ok           the first server's answer to its first RCPT; a second line is for the second RCPT
 *   2 GREETING: 554 no       the second server's: it is tried behind the first
 *   P: 1: EHLO MAIL RCPT     with Postfix: the commands that the server got
 *   P: u1 bounced 5.0.0 @1 … a recipient's status, its code, the server, and the text of the log
 *   P: site failed           the destination's next message was not tried
 *   O: 1: EHLO               a line of ours, where ours are not Postfix's on purpose
 * </pre>
 * An answer is a list, separated by {@code  | }: lines as they are sent, and acts ({@code !close !reset !silence !drip
 * !pause MS}). A command without an answer gets {@link #usual}'s.
 *
 * <p>Options: {@code pipelining}; {@code hasty}, the time-out of the step that stays without an answer is 4 s; {@code believe}, {@code
 * smtp_skip_5xx_greeting = no}; {@code helo}, {@code smtp_never_send_ehlo = yes}; {@code lmtp}, the client speaks that; {@code rcpt=N} recipients; {@code
 * servers=N}.
 */
final class ServerScript {
    /** What a server is asked, or DOT for the end of content with something in it and LONE_DOT for one without. */
    enum Step {
        GREETING,
        EHLO,
        HELO,
        LHLO,
        MAIL,
        RCPT,
        DATA,
        DOT,
        LONE_DOT,
        RSET,
        QUIT,
        OTHER
    }

    final String name;
    final Set<String> options;
    final int recipientCount;
    /** What Postfix did. */
    final List<String> recorded = new ArrayList<>();
    /** What ours does, where that is something else. */
    final List<String> own = new ArrayList<>();
    /** By server, then by step. */
    final List<Map<Step, List<String>>> answers = new ArrayList<>();

    private ServerScript(List<String> header) {
        name = header.get(0);
        options = Set.copyOf(header.subList(1, header.size()));
        recipientCount = number("rcpt=");
        for (int i = number("servers="); i > 0; i--) {
            answers.add(new EnumMap<>(Step.class));
        }
    }

    private int number(String option) {
        return options.stream()
                .filter(one -> one.startsWith(option))
                .map(one -> Integer.parseInt(one.substring(option.length())))
                .findFirst()
                .orElse(1);
    }

    static List<ServerScript> readTable(Path file) throws IOException {
        List<ServerScript> scripts = new ArrayList<>();
        for (Dialogue.Section section : Dialogue.read(file)) {
            ServerScript script = new ServerScript(List.of(section.title().split(" +")));
            section.lines().forEach(script::add);
            scripts.add(script);
        }
        return scripts;
    }

    private void add(Dialogue.Line line) {
        switch (line.key()) {
            case "P:" -> recorded.add(line.text());
            case "O:" -> own.add(line.text());
            default -> addAnswer(line);
        }
    }

    /** What is waited for in vain, and not for long; null: all are waited for as long as it may take. */
    @Nullable
    Step hastyStep() {
        if (!options.contains("hasty")) {
            return null;
        }
        return answers.stream()
                .flatMap(server -> server.entrySet().stream())
                .filter(step -> step.getValue().stream().anyMatch(answer -> answer.contains("!silence")))
                .map(Map.Entry::getKey)
                .findFirst()
                // There the server has forgotten somebody.
                .orElse(Step.DOT);
    }

    List<String> expected() {
        return own.isEmpty() ? recorded : own;
    }

    private void addAnswer(Dialogue.Line line) {
        Step step = Step.valueOf(line.key().substring(2, line.key().length() - 1));
        answers.get(line.key().charAt(0) - '1')
                .computeIfAbsent(step, key -> new ArrayList<>())
                .add(line.text());
    }

    /** What a server without a word for the step says. */
    String usual(Step step) {
        return switch (step) {
            case GREETING -> "220 mx.test ESMTP";
            case EHLO -> options.contains("pipelining") ? "250-mx.test | 250 PIPELINING" : "250 mx.test";
            case HELO -> "250 mx.test";
            case LHLO -> options.contains("pipelining") ? "250-mx.test | 250 PIPELINING" : "250 mx.test";
            case MAIL -> "250 2.1.0 Ok";
            case RCPT -> "250 2.1.5 Ok";
            case DATA -> "354 go ahead";
            case DOT -> "250 2.0.0 Ok: queued as 1";
            case LONE_DOT -> "554 5.5.1 Error: no valid recipients";
            case RSET -> "250 2.0.0 Ok";
            case QUIT -> "221 2.0.0 Bye";
            case OTHER -> "502 5.5.2 Error: command not recognized";
        };
    }
}
