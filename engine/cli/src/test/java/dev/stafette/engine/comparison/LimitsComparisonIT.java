// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that come too often, or want too much: the same is said to them and of them as by Debian's Postfix and its anvil.
 * Each client of a case has an address of its own, so that its counts are, too.
 */
@Timeout(300)
class LimitsComparisonIT {
    private static final int READ_MS_MAX = 60_000;

    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.6",
            "mail_name = Postfix",
            "myhostname = mx.b.test",
            "mydomain = b.test",
            "mydestination = b.test",
            "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4",
            "mynetworks = 127.0.0.1, 127.0.9.0/24",
            "smtpd_peername_lookup = no",
            "local_recipient_maps =",
            "alias_maps =",
            "local_transport = discard:",
            "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
            "smtpd_client_connection_count_limit = 2",
            "smtpd_client_connection_rate_limit = 4",
            "smtpd_client_message_rate_limit = 2",
            "smtpd_client_recipient_rate_limit = 3",
            "smtpd_client_auth_rate_limit = 1",
            "smtpd_client_new_tls_session_rate_limit = 1",
            "anvil_status_update_time = 1s",
            // None of them ends in between, however long the conversation takes.
            "anvil_rate_time_unit = 3600s",
            "smtpd_tls_security_level = may",
            "smtpd_tls_cert_file = %directory/server.pem",
            "smtpd_tls_key_file = %directory/server.key",
            "smtpd_sasl_auth_enable = yes",
            "smtpd_sasl_type = dovecot",
            "smtpd_sasl_path = %logins");

    private static final List<String> POSTFIX_ROWS = List.of(
            "qmgr unix n - n 300 1 qmgr",
            "bounce unix - - n - 0 bounce",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
            "discard unix - - n - - discard");

    private static final Pattern LIMIT =
            Pattern.compile(".*/smtpd\\[\\d+\\]: (warning: .* limit exceeded.*|warning: Refusing .*|NOQUEUE: .*)");
    private static final Pattern STATISTICS =
            Pattern.compile(".*/anvil\\[\\d+\\]: statistics: (max [a-z ]+) (\\d+)(.*)");

    private Path parent;
    private Surroundings around;
    private LoginServer logins;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "limits");
        around = Surroundings.open(List.of());
        logins = new LoginServer();
    }

    @AfterEach
    void close() throws IOException {
        if (around != null) {
            around.close();
            logins.close();
            MtaDirectory.delete(parent);
        }
    }

    /** One connection of a client, and what is said to it. */
    private static final class Dialogue implements AutoCloseable {
        private final List<String> said;
        private Socket socket;
        private BufferedReader in;

        Dialogue(int port, String address, List<String> said) throws IOException {
            this.said = said;
            socket = new Socket();
            socket.setSoTimeout(READ_MS_MAX);
            socket.bind(new InetSocketAddress(address, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            listen();
            hear("");
        }

        private void listen() throws IOException {
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        /** The last line of a reply. */
        private String hear(String command) throws IOException {
            String line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            // Postfix has it for the client, and closes the connection before it is sent.
            boolean isLost = line != null && line.startsWith("421 ") && line.contains("too many new TLS sessions");
            said.add(
                    command + " => " + (isLost ? "null" : String.valueOf(line)).replaceAll("queued as \\w+", "queued"));
            return String.valueOf(line);
        }

        String say(String command) throws IOException {
            try {
                socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
                return hear(command);
            } catch (IOException closed) {
                said.add(command + " => null");
                return "";
            }
        }

        void startTls() throws IOException, GeneralSecurityException {
            if (say("STARTTLS").startsWith("220")) {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new AnyCertificate(List.of())}, null);
                socket = context.getSocketFactory().createSocket(socket, "mx.b.test", socket.getPort(), true);
                listen();
            }
        }

        /** Returns when the server has ended the session, too, and counts it no more. */
        @Override
        public void close() throws IOException {
            try (Socket ended = socket) {
                ended.shutdownOutput();
                while (in.readLine() != null) {
                    continue;
                }
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException closed) {
                // By the server, before it has heard all.
                return;
            }
        }
    }

    /** What a client of each kind is told. */
    private static List<String> converse(int port) throws Exception {
        List<String> said = new ArrayList<>();
        for (String network : List.of("127.0.8.", "127.0.9.")) {
            said.add(network);
            manySessions(port, network + 1, said);
            sessionsInTurn(port, network + 2, said);
            messages(port, network + 3, said);
            recipients(port, network + 4, said);
            logins(port, network + 5, said);
            handshakes(port, network + 6, said);
        }
        return said;
    }

    private static void manySessions(int port, String address, List<String> said) throws IOException {
        List<Dialogue> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(new Dialogue(port, address, said));
        }
        open.get(0).say("QUIT");
        for (Dialogue one : open) {
            one.close();
        }
    }

    private static void sessionsInTurn(int port, String address, List<String> said) throws IOException {
        for (int i = 0; i < 6; i++) {
            try (Dialogue one = new Dialogue(port, address, said)) {
                one.say("QUIT");
            }
        }
    }

    private static void messages(int port, String address, List<String> said) throws IOException {
        try (Dialogue one = new Dialogue(port, address, said)) {
            one.say("EHLO c.test");
            for (String command : List.of(
                    "MAIL FROM:<s@a.test",
                    "MAIL FROM:<s@a.test>",
                    "RSET",
                    "MAIL FROM:<s@a.test>",
                    "RSET",
                    "MAIL FROM:<s@a.test>",
                    "RCPT TO:<u@b.test>",
                    "MAIL FROM:<s@a.test>",
                    "QUIT")) {
                one.say(command);
            }
        }
        try (Dialogue one = new Dialogue(port, address, said)) {
            one.say("EHLO c.test");
            one.say("MAIL FROM:<s@a.test>");
        }
    }

    private static void recipients(int port, String address, List<String> said) throws IOException {
        try (Dialogue one = new Dialogue(port, address, said)) {
            one.say("EHLO c.test");
            one.say("MAIL FROM:<s@a.test>");
            for (String to : List.of("u@x.test", "<u@b.test", "<u@b.test>", "<v@b.test>", "<w@b.test>", "<x@b.test>")) {
                one.say("RCPT TO:" + to);
            }
            one.say("DATA");
            one.say("Subject: x\r\n\r\nx\r\n.");
            one.say("QUIT");
        }
    }

    private static void logins(int port, String address, List<String> said) throws IOException {
        for (int i = 0; i < 3; i++) {
            try (Dialogue one = new Dialogue(port, address, said)) {
                one.say("EHLO c.test");
                one.say(i == 0 ? "AUTH NOSUCH" : LoginServer.AUTH_PLAIN);
                one.say(LoginServer.AUTH_PLAIN);
            }
        }
    }

    private static void handshakes(int port, String address, List<String> said)
            throws IOException, GeneralSecurityException {
        for (int i = 0; i < 3; i++) {
            try (Dialogue one = new Dialogue(port, address, said)) {
                one.say("EHLO c.test");
                one.startTls();
                one.say("EHLO c.test");
            }
        }
    }

    private List<String> mainCf(Path directory) throws IOException {
        for (String file : List.of("server.pem", "server.key")) {
            Files.writeString(directory.resolve(file), TestCertificates.text(file));
        }
        return MAIN_CF.stream()
                .map(line -> line.replace("%directory", directory.toString()).replace("%logins", logins.path()))
                .toList();
    }

    /** What was said, then what was logged of it, then the statistics: the most that any line of them has. */
    private static List<String> outcome(Path directory, int port) throws Exception {
        List<String> outcome = new ArrayList<>(converse(port));
        new Dialogue(port, "127.0.8.7", outcome).close();
        // That one is in the next statistics, and with it all before it is in those or in earlier ones.
        List<String> log = LogLines.await(directory.resolve("mail.log"), 0, LimitsComparisonIT::hasLastStatistics);
        for (String line : log) {
            Matcher limit = LIMIT.matcher(line);
            if (limit.matches()) {
                outcome.add(masked(limit.group(1), port));
            }
        }
        statistics(log, port).forEach((what, most) -> outcome.add(what + ' ' + (isCount(what) ? most : "")));
        return outcome;
    }

    /** How many clients are remembered at a time depends on when the first of them are forgotten. */
    private static boolean isCount(String what) {
        return !what.equals("max cache size");
    }

    /** The last line of those that were logged when the last session had begun, and all others had ended. */
    private static boolean hasLastStatistics(List<String> log) {
        return log.stream()
                .dropWhile(line -> !line.contains("]: connect from ") || !line.contains("[127.0.8.7]"))
                .anyMatch(line -> line.contains("statistics: max cache size"));
    }

    private static Map<String, String> statistics(List<String> log, int port) {
        Map<String, String> most = new TreeMap<>();
        log.stream()
                .map(STATISTICS::matcher)
                .filter(Matcher::matches)
                .forEach(line -> most.merge(
                        line.group(1),
                        line.group(2) + masked(line.group(3), port).replaceAll(" at .*", ""),
                        (one, other) -> count(one) >= count(other) ? one : other));
        return most;
    }

    private static int count(String text) {
        return Integer.parseInt(text.split("[^0-9]", 2)[0]);
    }

    private static String masked(String text, int port) {
        return text.replace("127.0.0.1:" + port, "PORT");
    }

    @SuppressWarnings("try")
    private List<String> ours() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("ours"));
        int port = FreePorts.find();
        List<String> rows = List.of(Side.row(port, "smtpd", List.of()));
        try (OurInstance ours = OurInstance.start(directory, mainCf(directory), rows, List.of(), around.nameServer())) {
            return outcome(directory, port);
        }
    }

    @SuppressWarnings("try")
    private List<String> postfix() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("postfix"));
        int port = FreePorts.find();
        List<String> rows = new ArrayList<>(POSTFIX_ROWS);
        rows.add(Side.row(port, "smtpd", List.of()));
        try (PostfixInstance postfix =
                PostfixInstance.start(directory, mainCf(directory), rows, List.of(), around.nameServer(), port)) {
            return outcome(directory, port);
        }
    }

    @Test
    void theSameIsTooMuchAndToldAlike() throws Exception {
        List<String> there = postfix();
        assertEquals(String.join("\n", there), String.join("\n", ours()));
    }
}
