// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A filter in front of the queue (smtpd_proxy_filter) of Debian's Postfix and of ours, which hands mail in again at a second row:
 * what clients are answered, what the filter hears, what the log says of it and what is delivered is the same.
 */
@Timeout(600)
class ProxyComparisonIT {
    private static final long WAIT_S = 60;
    private static final Pattern SAID = Pattern.compile(
            ".* postfix/\\S*smtpd\\[\\d+\\]: ((?:proxy-\\w+|warning: (?:proxy|connect to proxy|lost|timeout)).*)");

    /** How often a dialogue with a filter that has little time is tried. */
    private static final int HASTY_MAX = 10;

    private static final List<ProxyDialogue> DIALOGUES = ProxyDialogue.ALL;

    @RegisterExtension
    private final ComparedSystems systems = new ComparedSystems("proxies");

    /**
     * Rows: the one in front, the same with speed_adjust, the same with little time, one whose filter is not there, and the one
     * behind the filter.
     */
    private record Ports(int front, int late, int hasty, int lost, int filter, int back) {
        static Ports find() throws IOException {
            List<Integer> free = FreePorts.find(6);
            return new Ports(free.get(0), free.get(1), free.get(2), free.get(3), free.get(4), free.get(5));
        }

        List<String> rows(Surroundings around) {
            String proxy = "smtpd_proxy_filter=127.0.0.1:" + filter;
            return List.of(
                    Side.row(front, "smtpd", List.of(proxy)),
                    Side.row(late, "smtpd", List.of(proxy, "smtpd_proxy_options=speed_adjust")),
                    Side.row(hasty, "smtpd", List.of(proxy, "smtpd_proxy_timeout=2s")),
                    Side.row(
                            lost,
                            "smtpd",
                            List.of(around.expand("smtpd_proxy_filter=inet:127.0.0.1:%closedport", Path.of("/")))),
                    Side.row(
                            back,
                            "smtpd",
                            List.of("smtpd_authorized_xforward_hosts=127.0.0.0/8", "syslog_name=postfix/back")));
        }

        int of(String row) {
            return switch (row) {
                case "late" -> late;
                case "hasty" -> hasty;
                case "lost" -> lost;
                default -> front;
            };
        }

        String mask(String text) {
            return text.replace(":" + filter, ":FILTER").replace(":" + back, ":BACK");
        }
    }

    private List<String> mainCf() {
        return List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "smtpd_peername_lookup = no",
                "notify_classes =",
                systems.around().expand("relayhost = [127.0.0.11]:%sink", systems.parent()));
    }

    private List<String> outcomes(Ports ports, Path log) throws Exception {
        List<String> all = new ArrayList<>();
        try (ScriptedProxy filter = new ScriptedProxy(ports.filter(), ports.back())) {
            for (ProxyDialogue dialogue : DIALOGUES) {
                List<String> outcome = outcome(dialogue, ports, log, filter);
                for (int i = 1; i < HASTY_MAX && isCutShort(dialogue, outcome); i++) {
                    outcome = outcome(dialogue, ports, log, filter);
                }
                all.add(masked(ports.mask(systems.around().mask(String.join("\n", outcome)))));
            }
        }
        return all;
    }

    private List<String> outcome(ProxyDialogue dialogue, Ports ports, Path log, ScriptedProxy filter) throws Exception {
        int logged = LogLines.of(log).size();
        int arrived = systems.around().sink().arrived().size();
        List<String> outcome = new ArrayList<>(MilterComparisonIT.say(dialogue.commands(), ports.of(dialogue.row())));
        int lineCount = isCutShort(dialogue, outcome) ? 0 : dialogue.lineCount();
        if (dialogue.arrives()) {
            outcome.addAll(delivered(arrived));
        }
        List<String> said = said(log, logged, lineCount);
        outcome.addAll(filter.takeHeard());
        outcome.addAll(said);
        return outcome;
    }

    /** The filter has to be quick up to the content, which is what it is about, and may not be on a machine that is busy. */
    private static boolean isCutShort(ProxyDialogue dialogue, List<String> outcome) {
        return dialogue.row().equals("hasty") && outcome.stream().noneMatch(line -> line.startsWith("DATA → 354 "));
    }

    private static String masked(String text) {
        return text.replaceAll("(?m)PORT=\\d+", "PORT=*")
                .replaceAll("queued as \\w+", "queued as ID")
                .replaceAll("IDENT=\\w+", "IDENT=ID")
                .replaceAll("\\b[0-9A-Za-z]{10,15}\\b(?=; |$)", "ID");
    }

    private List<String> delivered(int before) throws Exception {
        List<MailSink.Arrived> all = systems.around().sink().arrived();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (all.size() == before) {
            if (System.nanoTime() > deadline) {
                return List.of("nothing has arrived");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        MailSink.Arrived mail = all.get(before);
        List<String> lines = new ArrayList<>();
        lines.add("from " + mail.sender().replaceAll(" SIZE=\\d+", ""));
        mail.recipients().stream().sorted().forEach(one -> lines.add("to " + one));
        lines.add(mail.content().size() + " lines, the last "
                + mail.content().get(mail.content().size() - 1));
        return lines;
    }

    /** When there are so many lines, and the session has ended. */
    private static List<String> said(Path log, int before, int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (true) {
            List<String> found = new ArrayList<>();
            boolean isOver = false;
            for (String line : LogLines.of(log, before)) {
                isOver |= line.contains(" postfix/smtpd[") && line.contains("]: disconnect from ");
                Matcher said = SAID.matcher(line);
                if (said.matches()) {
                    found.add("log: " + said.group(1));
                }
            }
            if (isOver && found.size() >= count || System.nanoTime() > deadline) {
                return found;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    @SuppressWarnings("try")
    private List<String> postfix() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("postfix"));
        Ports ports = Ports.find();
        List<String> rows = new ArrayList<>(ports.rows(systems.around()));
        rows.addAll(PostfixInstance.DELIVERY_ROWS);
        try (PostfixInstance postfix = PostfixInstance.start(
                directory, mainCf(), rows, List.of(), systems.around().nameServer(), ports.front())) {
            return outcomes(ports, directory.resolve("mail.log"));
        }
    }

    @SuppressWarnings("try")
    private List<String> ours() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("ours"));
        Ports ports = Ports.find();
        try (OurInstance ours = OurInstance.start(
                directory,
                mainCf(),
                ports.rows(systems.around()),
                List.of(),
                systems.around().nameServer())) {
            return outcomes(ports, directory.resolve("mail.log"));
        }
    }

    @Test
    void answersAndPassesOnAsPostfixDoes() throws Exception {
        List<String> theirs = postfix();
        List<String> ours = ours();
        StringBuilder expected = new StringBuilder();
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < DIALOGUES.size(); i++) {
            String title = "== " + DIALOGUES.get(i).title() + "\n";
            expected.append(title).append(theirs.get(i)).append('\n');
            found.append(title).append(ours.get(i)).append('\n');
        }
        assertEquals(expected.toString(), found.toString());
    }
}
