// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.cli.CrashSite.Taken;
import dev.stafette.engine.cli.CrashSource.Acknowledged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of recipients, by what sites took and what the mail log says.
 *
 * <p>A kill explains that a message came twice if the 250 for the first was under way when the process died: it came over
 * a connection of the process that was killed, the mail log does not know of it for that recipient, and the second came over a connection of
 * a later process. Nothing explains two reports on one thing: a report that was not accepted was not sent. That one report comes
 * twice is explained as with any message.
 */
final class CrashVerdict {
    private static final Pattern TOKEN =
            Pattern.compile("to=<([^>]*)>,.* status=sent \\(250 2\\.0\\.0 Ok: (t\\d+\\.)\\)");
    private static final Pattern MESSAGE_ID = Pattern.compile("(?mi)^Message-Id: (<.*>)$");
    private static final Pattern REPORTED =
            Pattern.compile("(?m)^Final-Recipient: rfc822; (\\S+)\\n(?:Original-Recipient: .*\\n)?Action: (\\S+)$");

    private final List<Long> kills;

    /** Of what the client is known to have heard. */
    private final Set<String> heard = new HashSet<>();

    /** By recipient; of reports by what they tell, and of whom. */
    private final Map<String, List<Taken>> deliveries = new TreeMap<>();

    private final Map<String, List<Taken>> reports = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();
    private int recipientCount;
    private int deliveredCount;
    private int failedCount;
    private int confirmedCount;
    private int warnedCount;
    private int queuedCount;
    private int explainedCount;

    CrashVerdict(List<Taken> taken, List<Long> kills, String log) {
        this.kills = kills;
        Matcher tokens = TOKEN.matcher(log);
        while (tokens.find()) {
            heard.add(heard(tokens.group(1), tokens.group(2)));
        }
        for (Taken one : taken) {
            if (!one.recipient().endsWith('@' + CrashSite.SENDERS)) {
                deliveries
                        .computeIfAbsent(one.recipient(), key -> new ArrayList<>())
                        .add(one);
                continue;
            }
            Matcher told = REPORTED.matcher(one.content());
            while (told.find()) {
                reports.computeIfAbsent(key(told.group(2), told.group(1)), key -> new ArrayList<>())
                        .add(one);
            }
        }
    }

    /** Recipients of one transaction are journaled and logged one behind the other, and the kill may come between two. */
    private static String heard(String recipient, String token) {
        return recipient + ' ' + token;
    }

    private boolean isHeard(Taken one) {
        return heard.contains(heard(one.recipient(), one.token()));
    }

    private static String key(String action, String recipient) {
        return action + " " + recipient;
    }

    /** An acknowledged message: every recipient ended, or is queued. */
    void judge(Acknowledged message, Set<String> queued) {
        for (String recipient : message.recipients()) {
            recipientCount++;
            List<Taken> delivered = deliveries.getOrDefault(recipient, List.of());
            boolean failed = reports.containsKey(key("failed", recipient));
            boolean confirmed = reports.containsKey(key("relayed", recipient));
            boolean waits = queued.contains(recipient);
            deliveredCount += delivered.isEmpty() ? 0 : 1;
            failedCount += failed ? 1 : 0;
            confirmedCount += confirmed ? 1 : 0;
            warnedCount += reports.containsKey(key("delayed", recipient)) ? 1 : 0;
            queuedCount += waits ? 1 : 0;
            String where = message.queueId() + " " + recipient;
            if (delivered.isEmpty() && !failed && !waits) {
                complaints.add("lost: " + where);
            }
            if (failed && delivered.stream().anyMatch(one -> isHeard(one))) {
                complaints.add("delivered, and reported as failed: " + where);
            }
            boolean owed = message.toConfirm().contains(recipient)
                    && delivered.stream().anyMatch(one -> isHeard(one));
            if (owed && !confirmed && queued.stream().noneMatch(one -> one.endsWith('@' + CrashSite.SENDERS))) {
                complaints.add("delivered, and not confirmed: " + where);
            }
            if (confirmed && delivered.isEmpty()) {
                complaints.add("confirmed, and not delivered: " + where);
            }
        }
    }

    /** Of all that came, acknowledged or not. */
    void judgeDoubles() {
        deliveries.forEach((recipient, all) -> judgeDoubles("delivered twice", recipient, all));
        reports.forEach((what, all) -> {
            Map<String, List<Taken>> byReport = new HashMap<>();
            for (Taken one : all) {
                Matcher id = MESSAGE_ID.matcher(one.content());
                byReport.computeIfAbsent(id.find() ? id.group(1) : "", key -> new ArrayList<>())
                        .add(one);
            }
            if (byReport.size() > 1) {
                complaints.add("reported twice: " + what + ": " + byReport.keySet());
            }
            byReport.forEach((id, same) -> judgeDoubles("one report twice", what, same));
        });
    }

    private void judgeDoubles(String what, String whose, List<Taken> all) {
        List<Taken> inOrder = new ArrayList<>(all);
        // Not by when they were taken: a session that stands still may be late with what a dead process has sent.
        inOrder.sort((one, other) -> Long.compare(one.connectedNs() - other.connectedNs(), 0));
        for (int i = 1; i < inOrder.size(); i++) {
            if (isExplained(inOrder.get(i - 1), inOrder.get(i))) {
                explainedCount++;
            } else {
                complaints.add(what + ": " + whose + ": " + text(inOrder.get(i - 1)) + ", " + text(inOrder.get(i)));
            }
        }
    }

    private String text(Taken one) {
        String knows = isHeard(one) ? " (logged)" : "";
        List<String> ms = kills.stream()
                .map(kill -> TimeUnit.NANOSECONDS.toMillis(kill - one.atNs()))
                .filter(distance -> Math.abs(distance) < 30_000)
                .map(Object::toString)
                .toList();
        return one.token() + knows + " " + ms + " ms before kills";
    }

    private boolean isExplained(Taken first, Taken second) {
        return !isHeard(first)
                && kills.stream().anyMatch(kill -> first.connectedNs() - kill < 0 && second.connectedNs() - kill > 0);
    }

    List<String> complaints() {
        return complaints;
    }

    String figures() {
        return recipientCount + " recipients: " + deliveredCount + " delivered, " + failedCount
                + " reported as failed, "
                + queuedCount + " queued; " + confirmedCount + " confirmed, " + warnedCount + " warned of; "
                + explainedCount + " doubles that a kill explains, " + complaints.size() + " complaints";
    }
}
