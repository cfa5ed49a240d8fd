// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Messages whose content is looked into, in Debian's Postfix and in ours: the client gets the same reply, the log says the same,
 * and the same arrives. Each block of the file has a cleanup row of its own.
 */
@Timeout(600)
class ChecksComparisonIT {
    private static final Path CASES = Path.of("src/test/resources/checks/cases.txt");
    private static final Path PENDING = Path.of("src/test/resources/checks/pending.txt");
    private static final int WAIT_S = 60;

    private static final Pattern LOGGED =
            Pattern.compile("\\w{3} +\\d+ [0-9:]{8} \\S+ postfix/(?:\\S+/)?(?:cleanup|smtp)\\[\\d+\\]: (.*)");

    /** What Postfix says of tables when a process opens them, or of what none of ours says. */
    private static final Pattern OF_TABLES = Pattern.compile(
            "message-id=|: to=<|: breaking line |^warning: regexp map|^error: open database| is unavailable\\. |"
                    + " lookup error for ");

    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.6",
            "mail_name = Postfix",
            "myhostname = mx.b.test",
            "myorigin = mx.b.test",
            "mydestination = mx.b.test",
            "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4",
            "mynetworks = 127.0.0.0/8",
            "smtpd_peername_lookup = no",
            "smtpd_error_sleep_time = 0",
            "smtpd_client_connection_count_limit = 0",
            "local_recipient_maps =",
            "alias_maps =",
            "relayhost = [127.0.0.11]:%sink");

    @RegisterExtension
    private final ComparedSystems systems = new ComparedSystems("checks");

    private List<ChecksFile.Block> blocks;

    @BeforeEach
    void open() throws IOException {
        blocks = ChecksFile.read(CASES);
    }

    private List<String> rows(List<Integer> ports, Path directory) throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            ChecksFile.Block block = blocks.get(i);
            Path tables = Files.createDirectories(directory.resolve("tables" + i));
            for (Map.Entry<String, List<String>> table : block.tables().entrySet()) {
                Files.write(
                        tables.resolve(table.getKey()),
                        table.getValue().stream()
                                .map(line -> systems.around().expand(line, tables))
                                .toList());
            }
            List<String> smtpd = new ArrayList<>(block.smtpd());
            smtpd.add("cleanup_service_name = cleanup" + i);
            if (!block.client().isEmpty()) {
                smtpd.add("content_filter = " + systems.around().expand("out" + i + ":[127.0.0.11]:%sink", tables));
                List<String> client = block.client().stream()
                        .map(line -> systems.around().expand(line, tables))
                        .toList();
                rows.add("out" + i + " unix - - n - - smtp" + Side.options(client));
            }
            rows.add(Side.row(ports.get(i), "smtpd", smtpd));
            List<String> cleanup = block.cleanup().stream()
                    .map(line -> systems.around().expand(line, tables))
                    .toList();
            rows.add("cleanup" + i + " unix n - n - 0 cleanup" + Side.options(cleanup));
        }
        return rows;
    }

    // One message. ---------------------------------------------------------------------------------------------------

    private String outcome(ChecksFile.Message message, int port, Path log) throws Exception {
        int logged = said(log, 0).size();
        int arrived = systems.around().sink().arrived().size();
        String reply = send(message, port);
        boolean isQueued = reply.startsWith("250");
        String id = reply.substring(reply.lastIndexOf(' ') + 1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        List<String> said = said(log, logged);
        while (!LogLines.has(said, "disconnect from ") || isQueued && !isOver(said, id)) {
            List<String> soFar = said;
            assertTrue(System.nanoTime() < deadline, () -> reply + "\n" + String.join("\n", soFar));
            TimeUnit.MILLISECONDS.sleep(5);
            said = said(log, logged);
        }
        StringBuilder outcome = new StringBuilder("S: " + reply.replaceAll("queued as \\S+", "queued as ID"));
        for (String line : said) {
            Matcher cleanup = LOGGED.matcher(line);
            if (cleanup.matches() && !OF_TABLES.matcher(cleanup.group(1)).find()) {
                outcome.append("\nL: ").append(masked(cleanup.group(1)));
            }
        }
        List<MailSink.Arrived> all = List.copyOf(systems.around().sink().arrived());
        all.subList(arrived, all.size()).stream()
                .map(ChecksComparisonIT::text)
                .sorted()
                .forEach(text -> outcome.append('\n').append(text));
        return outcome.toString();
    }

    private String masked(String line) {
        return systems.around()
                .mask(line)
                .replaceAll("^(warning: )?[0-9A-Za-z]{8,}: ", "$1ID: ")
                .replaceAll("\\((Postfix|Stafette)\\) with ESMTP id .*UTC\\)", "(US) with ESMTP");
    }

    private static List<String> said(Path log, int from) throws IOException {
        List<String> lines = LogLines.of(log, StandardCharsets.ISO_8859_1);
        return lines.subList(Math.min(from, lines.size()), lines.size());
    }

    private static boolean isOver(List<String> said, String id) {
        return List.of("removed", "hold:", "discard:").stream().anyMatch(end -> LogLines.has(said, id + ": " + end));
    }

    private static String text(MailSink.Arrived one) {
        StringBuilder text = new StringBuilder(
                "to " + one.site() + " " + one.recipients().stream().sorted().toList());
        boolean isReceived = false;
        for (String line : one.content()) {
            isReceived = line.startsWith("Received: from c.test")
                    || line.startsWith("Date:")
                    || line.startsWith("From:")
                    || line.startsWith("Message-Id: <2")
                    || isReceived && line.startsWith("\t");
            if (!isReceived) {
                text.append("\n| ").append(line.length() > 300 ? line.length() + " " + line.hashCode() : line);
            }
        }
        return text.toString();
    }

    private static String send(ChecksFile.Message message, int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(WAIT_S));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            reply(in);
            for (String line : List.of("EHLO c.test", "MAIL FROM:<s@a.test>", "RCPT TO:<u@d.test>", "DATA")) {
                say(line, socket);
                reply(in);
            }
            String content = message.lines().stream()
                    .map(line -> (line.startsWith(".") ? "." : "") + line + "\r\n")
                    .collect(Collectors.joining());
            say(content + ".", socket);
            return reply(in);
        }
    }

    private static void say(String text, Socket socket) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String reply(BufferedReader in) throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return String.valueOf(line);
    }

    // Both sides. ----------------------------------------------------------------------------------------------------

    private List<String> outcomes(List<Integer> ports, Path log) throws Exception {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            for (ChecksFile.Message message : blocks.get(i).messages()) {
                all.add(outcome(message, ports.get(i), log));
            }
        }
        return all;
    }

    private List<String> mainCf(Path directory) {
        return MAIN_CF.stream()
                .map(line -> systems.around().expand(line, directory))
                .toList();
    }

    @SuppressWarnings("try")
    private List<String> postfix() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("postfix"));
        List<Integer> ports = FreePorts.find(blocks.size());
        List<String> rows = rows(ports, directory);
        rows.addAll(PostfixInstance.DELIVERY_ROWS);
        try (PostfixInstance postfix = PostfixInstance.start(
                directory, mainCf(directory), rows, List.of(), systems.around().nameServer(), ports.get(0))) {
            return outcomes(ports, directory.resolve("mail.log"));
        }
    }

    @SuppressWarnings("try")
    private List<String> ours() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("ours"));
        List<Integer> ports = FreePorts.find(blocks.size());
        try (OurInstance ours = OurInstance.start(
                directory,
                mainCf(directory),
                rows(ports, directory),
                List.of(),
                systems.around().nameServer())) {
            return outcomes(ports, directory.resolve("mail.log"));
        }
    }

    private List<String> titles() {
        return blocks.stream()
                .flatMap(block -> block.messages().stream().map(message -> block.title() + ": " + message.title()))
                .toList();
    }

    /** What differs, and may: titles of cases. */
    private static Set<String> pending() throws IOException {
        return Files.readAllLines(PENDING).stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void aMessageFaresAsInPostfix() throws Exception {
        List<String> theirs = postfix();
        List<String> ours = ours();
        List<String> titles = titles();
        StringBuilder differences = new StringBuilder();
        Set<String> different = new TreeSet<>();
        for (int i = 0; i < titles.size(); i++) {
            if (!theirs.get(i).equals(ours.get(i))) {
                different.add(titles.get(i));
                differences.append(
                        "\n== " + titles.get(i) + "\n-- Postfix\n" + theirs.get(i) + "\n-- ours\n" + ours.get(i));
            }
        }
        assertEquals(pending(), different, differences.toString());
        assertTrue(titles.size() >= 60, () -> titles.size() + " cases");
    }
}
