// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** What became of the messages of a block, from the log of the mail system and from where they arrived. */
final class MailOutcomes {
    private static final long WAIT_S = 60;
    private static final long QUIET_MS = 1_000;
    /** The same where less is logged than was recorded. */
    private static final long SHORT_QUIET_MS = 20_000;

    private static final String LOGGED = "L: ";
    private static final Set<String> NOT_COMPARED =
            Set.of("received", "date", "message-id", "resent-date", "resent-message-id", "x-case");

    private final Surroundings around;
    private final Path log;
    private final List<MailCase> cases;
    private final List<HandedIn> handedIn = new ArrayList<>();
    private final String mark;

    /** {@code mark}: of the messages of this block and side. */
    MailOutcomes(List<MailCase> cases, String mark, Path log, Surroundings around) {
        this.cases = cases;
        this.mark = mark;
        this.log = log;
        this.around = around;
    }

    private String mark(int index) {
        return mark + "." + index;
    }

    /** By case. */
    List<List<String>> collect(int port) throws IOException, InterruptedException {
        for (int i = 0; i < cases.size(); i++) {
            handedIn.add(HandedIn.send(cases.get(i), mark(i), port));
        }
        List<String> lines = awaitLog();
        List<List<String>> outcomes = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            List<String> outcome = new ArrayList<>(handedIn.get(i).refusals());
            outcome.addAll(arrived(mark(i), handedIn.get(i).queueId()));
            if (!handedIn.get(i).queueId().isEmpty()) {
                outcome.addAll(logged(handedIn.get(i).queueId(), lines));
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** Until all are done with, or all is said that was recorded and nothing happens any more: some stay in the queue. */
    private List<String> awaitLog() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        long quietSince = System.nanoTime();
        List<String> lines = List.of();
        while (System.nanoTime() < deadline) {
            List<String> now = LogLines.of(log);
            if (now.size() != lines.size()) {
                quietSince = System.nanoTime();
            }
            lines = now;
            long quietMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - quietSince);
            boolean isQuiet = quietMs > SHORT_QUIET_MS || quietMs > QUIET_MS && hasRecorded(lines);
            if (allHave("removed", lines) || isQuiet && allHave("to=<", lines)) {
                return lines;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IOException("nothing became of some messages: " + log);
    }

    private boolean allHave(String text, List<String> lines) {
        Set<String> open = new TreeSet<>();
        handedIn.forEach(one -> open.add(one.queueId()));
        open.remove("");
        for (String line : lines) {
            int at = line.indexOf(": " + text);
            if (at > 0) {
                open.remove(line.substring(line.lastIndexOf(' ', at - 1) + 1, at));
            }
        }
        return open.isEmpty();
    }

    /** Of each message as many different lines as there once were. */
    private boolean hasRecorded(List<String> lines) {
        for (int i = 0; i < cases.size(); i++) {
            long recorded = cases.get(i).outcome().stream()
                    .filter(line -> line.startsWith(LOGGED))
                    .count();
            String id = handedIn.get(i).queueId();
            if (!id.isEmpty() && logged(id, lines).size() < recorded) {
                return false;
            }
        }
        return true;
    }

    private List<String> logged(String queueId, List<String> lines) {
        Set<String> found = new TreeSet<>();
        for (String line : lines) {
            int at = line.indexOf(" " + queueId + ": to=<");
            if (at > 0) {
                found.add(LOGGED
                        + around.mask(line.substring(at + queueId.length() + 3)
                                .replaceAll("(delay|delays|conn_use)=[^,]*, ", "")));
            }
        }
        return List.copyOf(found);
    }

    private List<String> arrived(String wanted, String id) {
        Set<String> found = new TreeSet<>();
        for (MailSink.Arrived one : around.sink().arrived()) {
            List<String> header = header(one.content());
            if (header.contains(HandedIn.MARK + wanted)) {
                StringBuilder text = new StringBuilder("M: " + one.site() + " " + one.sender() + " -> "
                        + String.join(",", new TreeSet<>(one.recipients())));
                one.origin()
                        .forEach(said -> text.append("\nX: ")
                                .append(said.replaceAll("PORT=[0-9]+", "PORT=*").replace("IDENT=" + id, "IDENT=*")));
                header.stream()
                        .filter(field -> !NOT_COMPARED.contains(field.split(":")[0].toLowerCase(Locale.ROOT)))
                        .forEach(field -> text.append("\nB: ").append(field.replace("\n", "\\n")));
                found.add(text.toString());
            }
        }
        return found.stream().flatMap(String::lines).toList();
    }

    /** A field each, with its folds. */
    private static List<String> header(List<String> content) {
        List<String> fields = new ArrayList<>();
        for (String line : content) {
            if (line.isEmpty()) {
                break;
            }
            if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                fields.add(fields.remove(fields.size() - 1) + "\n" + line);
            } else {
                fields.add(line);
            }
        }
        return fields;
    }
}
