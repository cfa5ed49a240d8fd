// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.engine.cli.ContentFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The samples of conf/ for a content filter in Debian's Postfix and in ours: what the filter hears, and what the log says of a
 * message on both of its ways, is the same.
 */
@Timeout(300)
class FilterComparisonIT {
    private static final Path CONF = Path.of("..", "..", "conf");
    private static final long WAIT_S = 60;
    /** Ours names the row of a transport, too, where it has another name than its program. */
    private static final Pattern LOGGED = Pattern.compile("\\w{3} +\\d+ [0-9:]{8} \\S+ postfix/(?:[a-z-]+/)?(\\S+?)"
            + "\\[\\d+\\]: ([0-9A-Za-z]+): ((client|from|to)=.*|removed)");

    private static final List<MailCase> CASES = List.of(
            of("one recipient", "127.0.0.1", "s@a.test", "u@d.test"),
            of("without a sender", "127.0.0.1", "", "u@d.test"),
            of("two recipients, and an alias", "127.0.0.1", "s@a.test", "u@d.test", "v@alias.test"),
            of("from elsewhere", "127.0.0.7", "s@a.test", "u@relay.test"));

    @RegisterExtension
    private final ComparedSystems systems = new ComparedSystems("filters");

    private static MailCase of(String title, String from, String sender, String... recipients) {
        return new MailCase(title, from, sender, List.of(recipients), List.of("From: s@a.test"), List.of());
    }

    /** The ports of one side. */
    private record Ports(int front, int filter, int back) {
        static Ports find() throws IOException {
            List<Integer> free = FreePorts.find(3);
            return new Ports(free.get(0), free.get(1), free.get(2));
        }

        String put(String text) {
            return text.replace("10024", String.valueOf(filter)).replace("10025", String.valueOf(back));
        }

        String mask(String line) {
            return line.replace(":" + filter, ":10024").replace(":" + back, ":10025");
        }
    }

    private List<String> mainCf(Ports ports) throws IOException {
        List<String> lines = new ArrayList<>(ports.put(Files.readString(CONF.resolve("content-filter-main.cf")))
                .lines()
                .toList());
        lines.addAll(List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "relay_domains = relay.test",
                "virtual_alias_domains = alias.test",
                "virtual_alias_maps = inline:{ {v@alias.test = w@d.test} }",
                "smtpd_peername_lookup = no",
                systems.around().expand("relayhost = [127.0.0.11]:%sink", systems.parent())));
        return lines;
    }

    private List<String> rows(Ports ports) throws IOException {
        List<String> rows = new ArrayList<>();
        rows.add(Side.row(ports.front(), "smtpd", List.of()));
        rows.add(ports.put(Files.readString(CONF.resolve("content-filter-master.cf"))));
        return rows;
    }

    private List<List<String>> outcomes(Ports ports, Path log) throws Exception {
        List<List<String>> all = new ArrayList<>();
        try (ContentFilter filter = new ContentFilter(ports.filter(), ports.back())) {
            for (MailCase one : CASES) {
                int before = LogLines.of(log).size();
                HandedIn handedIn = HandedIn.send(one, "filters", ports.front());
                assertEquals(List.of(), handedIn.refusals());
                Map<String, String> ids = new LinkedHashMap<>();
                ids.put(handedIn.queueId(), "FIRST");
                List<String> outcome = new ArrayList<>(awaitRemoved(ids, before, ports, log));
                String heard = filter.origins().get(filter.origins().size() - 1);
                outcome.add(heard.replaceAll("PORT=\\d+", "PORT=*").replace(handedIn.queueId(), "FIRST"));
                all.add(outcome);
            }
        }
        return all;
    }

    /** Of the message, and of what it is when it has come back. */
    private List<String> awaitRemoved(Map<String, String> ids, int before, Ports ports, Path log)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (true) {
            List<String> said = new ArrayList<>();
            List<String> lines = LogLines.of(log, before);
            for (String line : lines) {
                Matcher logged = LOGGED.matcher(line);
                if (logged.matches()) {
                    ids.putIfAbsent(logged.group(2), "SECOND");
                    said.add(logged.group(1) + ": " + logged.group(2) + ": "
                            + logged.group(3).replaceAll("(delay|delays|conn_use|size)=[^,]*, ", ""));
                }
            }
            if (said.stream().filter(line -> line.endsWith(": removed")).count() == 2) {
                return said.stream()
                        .map(line -> masked(line, ids, ports))
                        .sorted()
                        .toList();
            }
            assertTrue(System.nanoTime() < deadline, () -> String.join("\n", lines));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private String masked(String line, Map<String, String> ids, Ports ports) {
        String masked = systems.around().mask(ports.mask(line));
        for (Map.Entry<String, String> id : ids.entrySet()) {
            masked = masked.replace(id.getKey(), id.getValue());
        }
        return masked;
    }

    @SuppressWarnings("try")
    private List<List<String>> postfix() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("postfix"));
        Ports ports = Ports.find();
        List<String> rows = rows(ports);
        rows.addAll(PostfixInstance.DELIVERY_ROWS);
        try (PostfixInstance postfix = PostfixInstance.start(
                directory, mainCf(ports), rows, List.of(), systems.around().nameServer(), ports.front())) {
            return outcomes(ports, directory.resolve("mail.log"));
        }
    }

    @SuppressWarnings("try")
    private List<List<String>> ours() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("ours"));
        Ports ports = Ports.find();
        try (OurInstance ours = OurInstance.start(
                directory,
                mainCf(ports),
                rows(ports),
                List.of(),
                systems.around().nameServer())) {
            return outcomes(ports, directory.resolve("mail.log"));
        }
    }

    @Test
    void carriesAndLogsMailAsPostfixDoes() throws Exception {
        List<List<String>> theirs = postfix();
        List<List<String>> ours = ours();
        for (int i = 0; i < CASES.size(); i++) {
            assertEquals(
                    String.join("\n", theirs.get(i)),
                    String.join("\n", ours.get(i)),
                    CASES.get(i).title());
        }
        assertEquals(CASES.size() * 2, systems.around().sink().arrived().size());
    }
}
