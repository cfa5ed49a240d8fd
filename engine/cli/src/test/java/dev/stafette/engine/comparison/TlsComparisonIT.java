// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * TLS of both mail systems, each as client and as server: Postfix to Postfix is what the two others are compared with, ours to
 * Postfix and Postfix to ours. Behind that, both servers' replies to a client that says what nobody should.
 */
@Timeout(900)
class TlsComparisonIT {
    private static final long WAIT_S = 180;
    private static final Pattern STATUS = Pattern.compile(
            ".* postfix/\\S+\\[\\d+\\]: \\w+: to=<u@(\\S+)\\.test>,.* relay=(\\S+),.* dsn=(\\S+), status=(.*)");
    /** What a client says of TLS with a server, and of the records of that. */
    private static final Pattern SAID =
            Pattern.compile(".* postfix/(\\S+)/smtp\\[\\d+\\]: ((?:.* )?(\\S+)\\[127\\.0\\.0\\.1\\]:(\\d+)\\b.*)");

    private static final Pattern ASKED =
            Pattern.compile(".* postfix/(\\S+)/smtp\\[\\d+\\]: (.*_(\\d+)\\._tcp\\.([^ :]+).*)");
    private static final Pattern SERVED = Pattern.compile(".* postfix/(\\S+)/smtpd\\[\\d+\\]: "
            + "(.*(?:TLS connection|certificate verification|subject_CN|TLS SNI) ?.*)");
    private static final Pattern CONNECTED = Pattern.compile("/smtpd\\[\\d+\\]: connect from ");
    private static final Pattern DISCONNECTED = Pattern.compile("/smtpd\\[\\d+\\]: disconnect from ");
    /** What only a user of OpenSSL can tell, conf/README.md says it; and of records with which nothing is wrong. */
    private static final Pattern LEFT_OUT =
            Pattern.compile("TLS cipher list|depth=\\d+ verify=|DNSSEC-signed TLSA record|verification failed for"
                    + " (?:nosuch|mixed|short)|Reusing old session");

    private Path parent;
    private Surroundings around;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "tls");
        around = Surroundings.open(TlsCases.addresses());
        Path files = Files.createDirectory(parent.resolve("tls"));
        for (String name : List.of("server", "client", "stranger", "expired")) {
            Files.writeString(files.resolve(name + ".pem"), TestCertificates.text(name + ".pem"));
            Files.writeString(files.resolve(name + ".key"), TestCertificates.text(name + ".key"));
        }
        Files.writeString(
                files.resolve("chained.pem"), TestCertificates.text("server.pem") + TestCertificates.text("ca.pem"));
        Files.writeString(
                files.resolve("ca.pem"), TestCertificates.text("ca.pem") + TestCertificates.text("old-ca.pem"));
    }

    @AfterEach
    void delete() throws IOException {
        if (around != null) {
            around.close();
            if (!Boolean.getBoolean("tls.keep")) {
                MtaDirectory.delete(parent);
            }
        }
    }

    /** Hands in a message for all deliveries to {@code to}, and waits for what comes of it: by delivery, in words. */
    private Map<String, String> deliver(TlsParty from, TlsParty to) throws Exception {
        List<String> recipients = TlsCases.DELIVERIES.stream()
                .map(delivery -> "u@" + to.domain(delivery))
                .toList();
        MailCase all = new MailCase("all", "127.0.0.1", "", recipients, List.of("From: s@a.test"), List.of());
        assertEquals(List.of(), HandedIn.send(all, "all", from.front).refusals());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        Map<String, String> outcomes = outcomes(from, to);
        while (outcomes.size() < TlsCases.DELIVERIES.size() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            outcomes = outcomes(from, to);
        }
        assertEquals(TlsCases.DELIVERIES.size(), outcomes.size(), outcomes.toString());
        return outcomes;
    }

    private Map<String, String> outcomes(TlsParty from, TlsParty to) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        Map<String, List<String>> verdicts = new TreeMap<>();
        for (String line : from.log()) {
            Matcher said = SAID.matcher(line);
            Matcher asked = ASKED.matcher(line);
            if (said.matches() && !line.contains(" to=<")) {
                note(said.group(1), said.group(3), said.group(4), said.group(2), to, verdicts);
            } else if (asked.matches()) {
                note(asked.group(1), asked.group(4), asked.group(3), asked.group(2), to, verdicts);
            }
            Matcher status = STATUS.matcher(line);
            if (status.matches() && !status.group(2).contains("[127.0.0.11]")) {
                TlsCases.DELIVERIES.stream()
                        .filter(delivery -> to.domain(delivery).equals(status.group(1) + ".test"))
                        .forEach(delivery -> outcomes.put(
                                delivery,
                                verdicts.getOrDefault(delivery, List.of()) + " dsn=" + status.group(3) + " status="
                                        + status.group(4)
                                                .replaceAll("queued as \\w+", "queued")
                                                .replaceAll(":\\d+", ":PORT")));
            }
        }
        return outcomes;
    }

    /** {@code words}: of a client, of a host's port. */
    private static void note(
            String client, String host, String port, String words, TlsParty to, Map<String, List<String>> verdicts) {
        String server = to.serverOf(Integer.parseInt(port));
        if (LEFT_OUT.matcher(words).find()) {
            return;
        }
        TlsCases.DELIVERIES.stream()
                .filter(delivery -> (delivery + ' ').startsWith(client + ' ' + server + ' ')
                        && TlsCases.host(delivery).equals(host))
                .forEach(delivery -> addUnlessRepeated(
                        verdicts.computeIfAbsent(delivery, key -> new ArrayList<>()),
                        words
                                // Sessions are remembered by the address here, and by its names in Postfix.
                                .replace(" reused ", " established ")
                                .replace(port, "PORT")
                                // In the words of the library.
                                .replaceAll("(SSL_connect error to \\S+): .*", "$1")
                                .replaceAll("with cipher .*", "")));
    }

    /** Postfix asks twice for some records. */
    private static void addUnlessRepeated(List<String> lines, String line) {
        if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(line)) {
            lines.add(line);
        }
    }

    /**
     * What the servers have said of their clients' TLS, when that is as much as is expected and all their sessions are over:
     * what becomes of a message is known before its server has said all of the session.
     */
    private static List<String> served(TlsParty server, int fromLine, int expectedCount)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        List<String> all = server.log();
        while (System.nanoTime() < deadline
                && (count(CONNECTED, all) != count(DISCONNECTED, all)
                        || served(all, fromLine).size() < expectedCount)) {
            TimeUnit.MILLISECONDS.sleep(50);
            all = server.log();
        }
        assertEquals(count(CONNECTED, all), count(DISCONNECTED, all), "sessions that are over");
        return served(all, fromLine);
    }

    /** Sorted. */
    private static List<String> served(List<String> all, int fromLine) {
        return all.subList(fromLine, all.size()).stream()
                .map(SERVED::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + ": "
                        + line.group(2).replace(" reused ", " established ").replaceAll("with cipher .*", ""))
                .sorted()
                .toList();
    }

    private static long count(Pattern what, List<String> lines) {
        return lines.stream().filter(line -> what.matcher(line).find()).count();
    }

    /** How each message that came to {@code to} says so. */
    private Map<String, String> received(TlsParty to, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        Map<String, String> fields = new TreeMap<>();
        while (fields.size() < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            for (MailSink.Arrived one : around.sink().arrived()) {
                for (String delivery : TlsCases.DELIVERIES) {
                    if (one.recipients().get(0).contains("@" + to.domain(delivery) + ">")) {
                        fields.put(delivery, field(one.content()));
                    }
                }
            }
        }
        return fields;
    }

    /** The topmost, without what is another each time, and without the signature, which ours does not know. */
    private static String field(List<String> content) {
        StringBuilder field = new StringBuilder(content.get(0));
        for (int i = 1; i < content.size() && content.get(i).startsWith("\t"); i++) {
            field.append(' ').append(content.get(i).strip());
        }
        return field.toString()
                .replaceAll(" id \\w+", " id X")
                .replaceAll("-\\w+\\.test>", ".test>")
                .replaceAll("with cipher \\S+ \\(\\S+ bits\\)", "with cipher")
                .replaceAll("(key-exchange|(server|client)-(signature|digest)) [^\\s)]+( \\([^)]*\\))?", "")
                .replaceAll("\\s+\\)", ")")
                .replaceAll(" +", " ")
                .replaceAll(";.*", "");
    }

    @Test
    @SuppressWarnings("try")
    void agreesWithPostfixOnWhatTlsIsGoodFor() throws Exception {
        List<Integer> free = FreePorts.find(2 * TlsParty.PORT_COUNT);
        TlsParty theirs = new TlsParty(parent, "postfix", free.subList(0, TlsParty.PORT_COUNT), around);
        TlsParty ours = new TlsParty(parent, "ours", free.subList(TlsParty.PORT_COUNT, free.size()), around);
        for (TlsParty party : List.of(theirs, ours)) {
            party.ports.values().forEach(port -> TlsCases.records(port).forEach(around::add));
        }
        List<String> rows = new ArrayList<>(theirs.rows());
        rows.addAll(PostfixInstance.DELIVERY_ROWS);
        rows.add("tlsmgr unix - - n 1000? 1 tlsmgr");
        try (PostfixInstance postfix = PostfixInstance.start(
                        theirs.directory,
                        theirs.mainCf(theirs, ours),
                        rows,
                        List.of(),
                        around.nameServer(),
                        theirs.front);
                OurInstance mine = OurInstance.start(
                        ours.directory, ours.mainCf(theirs), ours.rows(), List.of(), around.nameServer())) {
            Map<String, String> expected = deliver(theirs, theirs);
            int sent = (int) expected.values().stream()
                    .filter(text -> text.contains("status=sent"))
                    .count();
            Map<String, String> fields = received(theirs, sent);
            List<String> served = served(theirs, 0, 0);
            assertTrue(sent > TlsCases.DELIVERIES.size() / 2, expected.toString());
            assertEquals(lines(expected), lines(deliver(ours, theirs)), "as a client");
            int before = ours.log().size();
            assertEquals(lines(expected), lines(deliver(theirs, ours)), "what Postfix says of our server");
            assertEquals(lines(fields), lines(received(ours, sent)), "Received");
            assertEquals(
                    String.join("\n", served), String.join("\n", served(ours, before, served.size())), "as a server");
            for (String server : TlsCases.SERVERS.keySet()) {
                boolean asks = List.of("ask", "req", "access").contains(server);
                for (String certificate : asks ? List.of("", "client", "stranger") : List.of("")) {
                    assertEquals(
                            String.join(
                                    "\n",
                                    TlsDialogue.with(theirs.ports.get(server), certificate, server.equals("wrapped"))),
                            String.join(
                                    "\n",
                                    TlsDialogue.with(ours.ports.get(server), certificate, server.equals("wrapped"))),
                            server + " to " + certificate);
                }
            }
        }
    }

    private static String lines(Map<String, String> texts) {
        StringBuilder lines = new StringBuilder();
        texts.forEach((key, text) -> lines.append(key).append(": ").append(text).append('\n'));
        return lines.toString();
    }
}
