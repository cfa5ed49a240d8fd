// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
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
@Timeout(180)
class TlsComparisonIT {
    private static final long WAIT_S = 60;
    private static final Pattern STATUS = Pattern.compile(
            ".* postfix/\\S+\\[\\d+\\]: \\w+: to=<u@(\\S+)\\.test>,.* relay=(\\S+),.* dsn=(\\S+), status=(.*)");
    private static final Pattern VERDICT = Pattern.compile(
            ".* postfix/(\\S+)/smtp\\[\\d+\\]: (\\w+ TLS connection \\w+ to \\S+):(\\d+): (\\S+) with cipher .*");
    private static final Pattern SERVED = Pattern.compile(
            ".* postfix/(\\S+)/smtpd\\[\\d+\\]: (\\w+ TLS connection \\w+ from \\S+: \\S+) with cipher .*");

    /** Servers: one row of master.cf each. */
    private static final Map<String, List<String>> SERVERS = new TreeMap<>();

    /** Clients: one transport each. */
    private static final Map<String, List<String>> CLIENTS = new TreeMap<>();

    /** From which client to which server, and by what name if that is not the one of the certificate. */
    private static final List<String> DELIVERIES = List.of(
            "none none",
            "none may",
            "none encrypt",
            "may none",
            "may may",
            "may stranger",
            "may expired",
            "may encrypt",
            "may nocert",
            "may ask",
            "may req",
            "trusting may",
            "trusting stranger",
            "trusting expired",
            "encrypt none",
            "encrypt may",
            "encrypt stranger",
            "encrypt nocert",
            "print may",
            "print stranger",
            "verify may",
            "verify may other",
            "verify stranger",
            "verify expired",
            "verify none",
            "secure may",
            "secure may other",
            "secure stranger",
            "cert may",
            "cert ask",
            "cert req",
            "unknown ask",
            "unknown req",
            "wrapped wrapped");

    static {
        String level = "smtpd_tls_security_level = ";
        SERVERS.put("none", List.of(level + "none"));
        SERVERS.put("may", List.of(level + "may"));
        SERVERS.put("stranger", certificate("smtpd", "stranger", level + "may"));
        SERVERS.put("expired", certificate("smtpd", "expired", level + "may"));
        SERVERS.put("nocert", List.of(level + "may", "smtpd_tls_cert_file =", "smtpd_tls_key_file ="));
        SERVERS.put("encrypt", List.of(level + "encrypt"));
        SERVERS.put("ask", List.of(level + "may", "smtpd_tls_ask_ccert = yes"));
        SERVERS.put("req", List.of(level + "encrypt", "smtpd_tls_req_ccert = yes"));
        SERVERS.put("wrapped", List.of(level + "encrypt", "smtpd_tls_wrappermode = yes"));
        SERVERS.put(
                "access",
                List.of(
                        level + "may",
                        "smtpd_tls_ask_ccert = yes",
                        "smtpd_recipient_restrictions = check_ccert_access inline:{ {" + fingerprint("client")
                                + " = permit} }, reject"));
        String at = "smtp_tls_security_level = ";
        String trust = "smtp_tls_CAfile = %tls/ca.pem";
        CLIENTS.put("none", List.of(at + "none"));
        CLIENTS.put("may", List.of(at + "may"));
        CLIENTS.put("trusting", List.of(at + "may", trust));
        CLIENTS.put("encrypt", List.of(at + "encrypt"));
        CLIENTS.put("verify", List.of(at + "verify", trust));
        CLIENTS.put("secure", List.of(at + "secure", trust));
        CLIENTS.put("print", List.of(at + "fingerprint", "smtp_tls_fingerprint_cert_match = " + fingerprint("server")));
        CLIENTS.put("cert", certificate("smtp", "client", at + "may"));
        CLIENTS.put("unknown", certificate("smtp", "stranger", at + "may"));
        CLIENTS.put("wrapped", List.of(at + "encrypt", "smtp_tls_wrappermode = yes"));
    }

    private Path parent;
    private Surroundings around;

    private static List<String> certificate(String who, String name, String level) {
        return List.of(
                level, who + "_tls_cert_file = %tls/" + name + ".pem", who + "_tls_key_file = %tls/" + name + ".key");
    }

    private static String fingerprint(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(TestCertificates.FILES
                            .certificates(name + ".pem")
                            .get(0)
                            .getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "tls");
        around = Surroundings.open(List.of("mx.b.test address 127.0.0.1", "other.b.test address 127.0.0.1"));
        Path files = Files.createDirectory(parent.resolve("tls"));
        for (String name : List.of("server", "client", "stranger", "expired")) {
            Files.writeString(files.resolve(name + ".pem"), TestCertificates.text(name + ".pem"));
            Files.writeString(files.resolve(name + ".key"), TestCertificates.text(name + ".key"));
        }
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

    /** One of the two mail systems: where it is, and its ports. */
    private final class Party {
        final Path directory;
        final int front;
        final Map<String, Integer> ports = new TreeMap<>();

        Party(String name) throws IOException {
            directory = Files.createDirectory(parent.resolve(name));
            List<Integer> free = FreePorts.find(SERVERS.size() + 1);
            front = free.get(0);
            int i = 1;
            for (String server : SERVERS.keySet()) {
                ports.put(server, free.get(i++));
            }
        }

        /** Where its mail goes is {@code others}' business. */
        List<String> mainCf(Party... others) {
            StringBuilder routes = new StringBuilder();
            for (Party other : others) {
                for (String delivery : DELIVERIES) {
                    String[] words = delivery.split(" ");
                    routes.append(" { ")
                            .append(domain(delivery, other))
                            .append(" = ")
                            .append(words[0])
                            .append(":[")
                            .append(words.length > 2 ? "other.b.test" : "mx.b.test")
                            .append("]:")
                            .append(other.ports.get(words[1]))
                            .append(" }");
                }
            }
            return put(List.of(
                    "compatibility_level = 3.6",
                    "mail_name = Postfix",
                    "myhostname = mx.b.test",
                    "mydestination =",
                    "relay_domains = b.test",
                    "local_recipient_maps =",
                    "inet_interfaces = 127.0.0.1",
                    "inet_protocols = ipv4",
                    "mynetworks = 127.0.0.0/8",
                    "smtpd_peername_lookup = no",
                    "smtp_connection_cache_on_demand = no",
                    "smtpd_tls_cert_file = %tls/server.pem",
                    "smtpd_tls_key_file = %tls/server.key",
                    "smtpd_tls_CAfile = %tls/ca.pem",
                    "smtpd_tls_loglevel = 1",
                    "smtpd_tls_received_header = yes",
                    "smtp_tls_loglevel = 1",
                    "transport_maps = inline:{" + routes + " }"));
        }

        List<String> rows() {
            List<String> rows = new ArrayList<>();
            SERVERS.forEach((name, settings) -> {
                List<String> own = new ArrayList<>(settings);
                own.add("syslog_name = postfix/" + name);
                own.add("content_filter = smtp:[127.0.0.11]:%sink");
                rows.add(Side.row(ports.get(name), "smtpd", put(own)));
            });
            CLIENTS.forEach((name, settings) -> {
                List<String> own = new ArrayList<>(settings);
                own.add("syslog_name = postfix/" + name);
                rows.add(name + " unix - - n - - smtp" + Side.options(put(own)));
            });
            rows.add(Side.row(front, "smtpd", List.of()));
            return rows;
        }

        private List<String> put(List<String> lines) {
            return lines.stream()
                    .map(line -> around.expand(line, directory)
                            .replace("%tls", parent.resolve("tls").toString()))
                    .toList();
        }

        List<String> log() throws IOException {
            Path log = directory.resolve("mail.log");
            return Files.exists(log) ? Files.readAllLines(log, StandardCharsets.UTF_8) : List.of();
        }

        String serverOf(int port) {
            return ports.entrySet().stream()
                    .filter(entry -> entry.getValue() == port)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse("");
        }
    }

    private static String domain(String delivery, Party to) {
        return delivery.replace(' ', '-') + "-" + to.directory.getFileName() + ".test";
    }

    /** Hands in a message for each delivery to {@code to}, and waits for what comes of it: by delivery, in words. */
    private Map<String, String> deliver(Party from, Party to) throws Exception {
        for (String delivery : DELIVERIES) {
            String recipient = "u@" + domain(delivery, to);
            MailCase one =
                    new MailCase(delivery, "127.0.0.1", "", List.of(recipient), List.of("From: s@a.test"), List.of());
            assertEquals(List.of(), HandedIn.send(one, delivery, from.front).refusals());
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        Map<String, String> outcomes = outcomes(from, to);
        while (outcomes.size() < DELIVERIES.size() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            outcomes = outcomes(from, to);
        }
        assertEquals(DELIVERIES.size(), outcomes.size(), outcomes.toString());
        return outcomes;
    }

    private Map<String, String> outcomes(Party from, Party to) throws IOException {
        Map<String, String> outcomes = new TreeMap<>();
        Map<String, List<String>> verdicts = new TreeMap<>();
        for (String line : from.log()) {
            Matcher verdict = VERDICT.matcher(line);
            if (verdict.matches()
                    && !to.serverOf(Integer.parseInt(verdict.group(3))).isEmpty()) {
                String name = verdict.group(2).contains(" to other.") ? " other" : "";
                String delivery = verdict.group(1) + " " + to.serverOf(Integer.parseInt(verdict.group(3))) + name;
                // Sessions are remembered by the address here, and by its names in Postfix.
                verdicts.computeIfAbsent(delivery, key -> new ArrayList<>())
                        .add(verdict.group(2).replace(" reused ", " established ") + ", " + verdict.group(4));
            }
            Matcher status = STATUS.matcher(line);
            if (status.matches() && !status.group(2).contains("[127.0.0.11]")) {
                DELIVERIES.stream()
                        .filter(delivery -> domain(delivery, to).equals(status.group(1) + ".test"))
                        .forEach(delivery -> outcomes.put(
                                delivery,
                                verdicts.getOrDefault(delivery, List.of()) + " dsn=" + status.group(3) + " status="
                                        + status.group(4).replaceAll("queued as \\w+", "queued")));
            }
        }
        return outcomes;
    }

    /** What the servers have said of their clients' TLS, sorted. */
    private static List<String> served(Party server, int fromLine) throws IOException {
        List<String> all = server.log();
        return all.subList(fromLine, all.size()).stream()
                .map(SERVED::matcher)
                .filter(Matcher::matches)
                .map(line -> line.group(1) + ": " + line.group(2).replace(" reused ", " established "))
                .sorted()
                .toList();
    }

    /** How each message that came to {@code to} says so. */
    private Map<String, String> received(Party to, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        Map<String, String> fields = new TreeMap<>();
        while (fields.size() < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            for (MailSink.Arrived one : around.sink().arrived()) {
                for (String delivery : DELIVERIES) {
                    if (one.recipients().get(0).contains("@" + domain(delivery, to) + ">")) {
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
        Party theirs = new Party("postfix");
        Party ours = new Party("ours");
        List<String> rows = new ArrayList<>(theirs.rows());
        rows.addAll(List.of(
                "qmgr unix n - n 300 1 qmgr",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
                "trace unix - - n - 0 bounce",
                "smtp unix - - n - - smtp",
                "relay unix - - n - - smtp",
                "error unix - - n - - error",
                "retry unix - - n - - error",
                "tlsmgr unix - - n 1000? 1 tlsmgr"));
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
            List<String> served = served(theirs, 0);
            assertTrue(sent > DELIVERIES.size() / 2, expected.toString());
            assertEquals(lines(expected), lines(deliver(ours, theirs)), "as a client");
            int before = ours.log().size();
            assertEquals(lines(expected), lines(deliver(theirs, ours)), "what Postfix says of our server");
            assertEquals(lines(fields), lines(received(ours, sent)), "Received");
            assertEquals(String.join("\n", served), String.join("\n", served(ours, before)), "as a server");
            for (String server : SERVERS.keySet()) {
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
