// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.smtp.ServerScript.Step;
import dev.stafette.delivery.smtp.SmtpClientSettings.HelloMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * What a client makes of servers that say odd things: ours and Postfix's against the same scripted servers. The table has
 * what Postfix 3.7 did, so that ours is held to it where there is no Postfix, too.
 */
@Timeout(300)
class PostfixComparisonIT {
    private static final Path TABLE = Path.of("src/test/resources/postfix-client/servers.txt");

    /** As logs call each of the servers. */
    private static final String HOST = ScriptedServer.ADDRESS + "[" + ScriptedServer.ADDRESS + "]";

    /** Writes the table with what Postfix does now into this file. */
    private static final String RECORD = System.getProperty("stafette.recordServers");

    /** Where ours are not Postfix's on purpose, by the reason; all else is the same. */
    private static final Map<String, List<String>> ON_PURPOSE = Map.of(
            "no content is sent, and no message is taken for delivered, on the word of a reply that came before its"
                    + " command",
            List.of(
                    "rcpt-ok-and-go",
                    "data-twice",
                    "data-ok-and-550",
                    "data-ok-and-421",
                    "data-ok-and-250",
                    "data-ok-and-450",
                    "data-ok-and-850",
                    "pipelined-data-twice"),
            "who got no answer because the server left with a 421 is told that, and the site has not failed",
            List.of(
                    "mix-ok-450-421-close",
                    "mix-421-close-ok",
                    "pipelined-mix-ok-450-421-close",
                    "pipelined-mix-421-close-ok"),
            "a message that a server may have taken is not given to another",
            List.of("first-dot-close"),
            "QUIT waits until all are answered for, and its reply is nobody's",
            List.of("lmtp-dot-one-missing"),
            "whom there was no room for goes in another transaction at once (RFC 5321 §4.5.3.1.10)",
            List.of("lmtp-rcpt-452"));

    private static final Pattern DELIVERY = Pattern.compile(
            ": to=<(u[0-9]+)@s([0-9]+)\\.test>, relay=([^,]+),.* dsn=([0-9.]+), status=([a-z]+) \\((.*?)\\)?$",
            Pattern.DOTALL);

    // Both sides. ----------------------------------------------------------------------------------------------------

    private static List<ScriptedServer> open(ServerScript script) {
        return IntStream.range(0, script.answers.size())
                .mapToObj(server -> new ScriptedServer(script, server))
                .toList();
    }

    private static String nextHop(List<ScriptedServer> servers) {
        return String.join(
                ", ",
                servers.stream()
                        .map(server -> "[" + ScriptedServer.ADDRESS + "]:" + server.port())
                        .toList());
    }

    /** The lines of the table: commands by server, outcomes by recipient, the site. */
    private static List<String> describe(List<ScriptedServer> servers, List<String> outcomes, boolean siteFailed)
            throws InterruptedException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).wasTried()) {
                // QUIT gives up a transaction, too (RFC 5321 §4.1.1.10).
                lines.add((i + 1 + ": " + servers.get(i).commands().replace("RSET QUIT", "QUIT")).strip());
            }
        }
        lines.addAll(outcomes(servers, outcomes, siteFailed));
        return lines;
    }

    private static List<String> outcomes(List<ScriptedServer> servers, List<String> outcomes, boolean siteFailed) {
        List<String> lines = new ArrayList<>();
        for (String outcome : outcomes) {
            String shown = String.valueOf(outcome);
            for (int i = 0; i < servers.size(); i++) {
                shown = shown.replace("@" + HOST + ":" + servers.get(i).port() + " ", "@" + (i + 1) + " ");
            }
            lines.add(cut(shown.replace(HOST, "%h")));
        }
        if (siteFailed) {
            lines.add("site failed");
        }
        return lines;
    }

    /** A line of Postfix's log ends at 2,000. */
    private static String cut(String line) {
        return line.length() < 300 ? line : line.substring(0, 300) + "...";
    }

    // Ours. ----------------------------------------------------------------------------------------------------------

    private static SmtpClientSettings settings(ServerScript script, SessionReuse reuse) {
        SmtpClientSettings usual = Courier.settings();
        return new SmtpClientSettings(
                Courier.MY_HOSTNAME,
                Courier.MY_HOSTNAME,
                script.options.contains("helo") ? HelloMode.NEVER_EHLO : HelloMode.ALWAYS_EHLO,
                !script.options.contains("believe"),
                usual.port(),
                usual.mxSessionLimit(),
                usual.lineBytesMax(),
                true,
                null,
                null,
                timeouts(script.hastyStep()),
                reuse,
                "",
                false,
                null,
                script.options.contains("lmtp") ? new LmtpSettings(false, Path.of("/")) : null,
                ClientHabits.USUAL);
    }

    private static SmtpTimeouts timeouts(@Nullable Step hasty) {
        Duration helo = timeout(hasty == Step.GREETING || hasty == Step.EHLO || hasty == Step.HELO);
        return new SmtpTimeouts(
                timeout(false),
                helo,
                timeout(false),
                timeout(hasty == Step.MAIL),
                timeout(hasty == Step.RCPT),
                timeout(hasty == Step.DATA),
                timeout(false),
                timeout(hasty == Step.DOT),
                timeout(false));
    }

    private static Duration timeout(boolean isHasty) {
        return Duration.ofSeconds(isHasty ? 4 : 60);
    }

    /** Each with a message of its own, and one behind it where there is a {@code reuse}. */
    private static Map<String, List<String>> ours(List<ServerScript> scripts, SessionReuse reuse) throws Exception {
        Map<String, List<String>> seen = new LinkedHashMap<>();
        Map<SmtpClientSettings, Courier> couriers = new HashMap<>();
        List<List<ScriptedServer>> servers = new ArrayList<>();
        try {
            List<CompletableFuture<DeliveryReport>> answers = new ArrayList<>();
            List<CompletableFuture<DeliveryReport>> behind = new ArrayList<>();
            for (ServerScript script : scripts) {
                servers.add(open(script));
                Courier courier =
                        couriers.computeIfAbsent(settings(script, reuse), key -> new Courier(key, Courier.routes()));
                courier.attemptsMax(1);
                String nextHop = nextHop(servers.get(servers.size() - 1));
                String[] recipients = IntStream.rangeClosed(1, script.recipientCount)
                        .mapToObj(i -> "u" + i + "@s.test")
                        .toArray(String[]::new);
                answers.add(courier.send(
                        nextHop, Courier.envelope("a@a.test", recipients), FileBody.of("Subject: x\n\nhello\n")));
                if (reuse != SessionReuse.NONE) {
                    behind.add(courier.send(nextHop));
                }
            }
            for (int i = 0; i < scripts.size(); i++) {
                DeliveryReport report = Courier.await(answers.get(i));
                List<String> lines = new ArrayList<>();
                for (DeliveryOutcome outcome : report.outcomes()) {
                    lines.add("u" + (lines.size() + 1) + " " + show(Courier.show(outcome), outcome.relay()));
                }
                seen.put(
                        scripts.get(i).name,
                        behind.isEmpty()
                                ? describe(servers.get(i), lines, report.siteFailure() != null)
                                : describe(servers.get(i), lines, report, Courier.await(behind.get(i))));
            }
        } finally {
            couriers.values().forEach(Courier::close);
            servers.forEach(some -> some.forEach(ScriptedServer::close));
        }
        return seen;
    }

    private static List<String> describe(
            List<ScriptedServer> servers, List<String> outcomes, DeliveryReport report, DeliveryReport next) {
        List<String> lines = new ArrayList<>(outcomes(servers, outcomes, report.siteFailure() != null));
        boolean sent = !next.isUntried() && next.outcomes()[0].kind() == Kind.DELIVERED;
        lines.add("next " + (next.isUntried() ? "untried" : sent ? "sent" : Courier.show(next.outcomes()[0])));
        return lines;
    }

    /** Puts the relay behind status and code. */
    private static String show(String outcome, String relay) {
        String[] words = outcome.split(" ", 3);
        return words[0] + " " + words[1] + " @" + relay + " " + words[2];
    }

    @TestFactory
    Stream<DynamicTest> decidesAsPostfixDoes() throws Exception {
        List<ServerScript> scripts = ServerScript.readTable(TABLE);
        Map<String, List<String>> seen = ours(scripts, SessionReuse.NONE);
        return scripts.stream()
                .map(script -> DynamicTest.dynamicTest(
                        script.name, () -> assertSame(script, script.expected(), seen.get(script.name))));
    }

    @Test
    void differsFromPostfixNowhereElse() throws Exception {
        List<String> own = new ArrayList<>();
        for (ServerScript script : ServerScript.readTable(TABLE)) {
            assertNotEquals(script.recorded, script.own, script.name);
            if (!script.own.isEmpty()) {
                own.add(script.name);
            }
        }
        assertEquals(
                ON_PURPOSE.values().stream().flatMap(List::stream).sorted().toList(),
                own.stream().sorted().toList());
    }

    private static void assertSame(ServerScript script, List<String> expected, List<String> seen) {
        assertEquals(script.name + '\n' + String.join("\n", expected), script.name + '\n' + String.join("\n", seen));
    }

    /** The first message is decided as if it were alone; the second is as well off as on a connection of its own. */
    @TestFactory
    Stream<DynamicTest> keepsTheMessageBehindFromHarm() throws Exception {
        List<ServerScript> scripts = ServerScript.readTable(TABLE);
        // Waiting is waiting.
        scripts.removeIf(script -> script.options.contains("hasty"));
        Map<String, List<String>> seen = ours(scripts, Courier.KEPT);
        return scripts.stream()
                .map(script -> DynamicTest.dynamicTest(script.name, () -> {
                    List<String> expected = script.expected().stream()
                            .filter(line -> !Character.isDigit(line.charAt(0)))
                            .collect(Collectors.toList());
                    List<String> found = seen.get(script.name);
                    // Where the site fails before the second message has come to the loop, that has its own connection.
                    boolean cameLate = expected.contains("site failed") && found.contains("next sent");
                    expected.add(expected.contains("site failed") && !cameLate ? "next untried" : "next sent");
                    assertSame(script, expected, found);
                }));
    }

    // Postfix. -------------------------------------------------------------------------------------------------------

    private static String client(ServerScript script) {
        Step hasty = script.hastyStep();
        if (script.options.contains("lmtp")) {
            return hasty == null ? "lmtp" : "hasty-lmtp";
        }
        if (hasty != null) {
            return switch (hasty) {
                case GREETING, EHLO, HELO -> "hasty-helo";
                case MAIL -> "hasty-mail";
                case RCPT -> "hasty-rcpt";
                case DATA -> "hasty-data_init";
                case DOT -> "hasty-data_done";
                default -> throw new IllegalArgumentException(script.name + ": " + hasty);
            };
        }
        return script.options.stream()
                .filter(PostfixClient.CLIENTS::containsKey)
                .findFirst()
                .orElse("smtp");
    }

    private static Map<String, List<String>> postfix(List<ServerScript> scripts) throws Exception {
        List<List<ScriptedServer>> servers =
                scripts.stream().map(PostfixComparisonIT::open).toList();
        List<String> transports = new ArrayList<>();
        List<List<String>> messages = new ArrayList<>();
        int count = 0;
        for (int i = 0; i < scripts.size(); i++) {
            String domain = "s" + i + ".test";
            transports.add(domain + " " + client(scripts.get(i)) + ":" + nextHop(servers.get(i)));
            messages.add(IntStream.rangeClosed(1, scripts.get(i).recipientCount)
                    .mapToObj(recipient -> "u" + recipient + "@" + domain)
                    .toList());
            count += scripts.get(i).recipientCount;
        }
        try (PostfixClient postfix = PostfixClient.start(transports)) {
            postfix.submit(messages);
            List<String> first = postfix.awaitDeliveries(to -> to.startsWith("u"), count);
            postfix.submit(IntStream.range(0, scripts.size())
                    .mapToObj(i -> List.of("next@s" + i + ".test"))
                    .toList());
            List<String> second = postfix.awaitDeliveries(to -> to.startsWith("next@"), scripts.size());
            return describe(scripts, servers, first, second);
        } finally {
            servers.forEach(some -> some.forEach(ScriptedServer::close));
        }
    }

    private static Map<String, List<String>> describe(
            List<ServerScript> scripts, List<List<ScriptedServer>> servers, List<String> first, List<String> second)
            throws InterruptedException {
        Map<String, List<String>> seen = new LinkedHashMap<>();
        for (int i = 0; i < scripts.size(); i++) {
            String domain = "s" + i + ".test>";
            String[] outcomes = new String[scripts.get(i).recipientCount];
            for (String line : first) {
                Matcher matcher = DELIVERY.matcher(line);
                if (line.contains(domain) && matcher.find()) {
                    String shown = matcher.group(1) + " " + matcher.group(5) + " " + matcher.group(4) + " @"
                            + matcher.group(3) + " " + matcher.group(6);
                    outcomes[Integer.parseInt(matcher.group(1).substring(1)) - 1] = shown;
                }
            }
            boolean dead = second.stream()
                    .anyMatch(line -> line.contains("@" + domain) && line.contains("delivery temporarily suspended"));
            seen.put(scripts.get(i).name, describe(servers.get(i), Arrays.asList(outcomes), dead));
        }
        return seen;
    }

    @Test
    void recordsWhatPostfixDoes() throws Exception {
        PostfixClient.assumeThere();
        List<ServerScript> scripts = ServerScript.readTable(TABLE);
        Map<String, List<String>> seen = postfix(scripts);
        if (RECORD != null) {
            record(seen);
        }
        assertAll(scripts.stream()
                .map(script -> (Executable) () -> assertSame(script, script.recorded, seen.get(script.name))));
    }

    private static void record(Map<String, List<String>> seen) throws Exception {
        List<String> out = new ArrayList<>();
        List<String> pending = List.of();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.isEmpty() || line.startsWith("#") || line.startsWith("O: ")) {
                out.addAll(pending);
                pending = List.of();
            }
            if (line.startsWith("== ")) {
                out.addAll(pending);
                pending = seen.get(line.split(" +")[1]).stream()
                        .map(one -> "P: " + one)
                        .toList();
            }
            if (!line.startsWith("P: ")) {
                out.add(line);
            }
        }
        out.addAll(pending);
        Files.write(Path.of(RECORD), out);
    }
}
