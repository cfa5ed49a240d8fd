// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The same milter, of Debian's libmilter, in front of Debian's Postfix and of ours: what clients are answered, what the milter
 * hears, what the log says of its verdicts, and what is delivered is the same.
 */
@Timeout(600)
class MilterComparisonIT {
    private static final long WAIT_S = 60;
    private static final int READ_MS_MAX = 60_000;
    private static final Pattern VERDICT =
            Pattern.compile(".* postfix/(\\w+)\\[\\d+\\]: (\\w+): (milter-[\\w-]+: .*|.*milter.*_checks.*)");
    private static final Pattern QUEUED = Pattern.compile("queued as (\\w+)");

    private static final List<MilterDialogue> DIALOGUES = MilterDialogue.ALL;

    @RegisterExtension
    private final ComparedSystems systems = new ComparedSystems("milters");

    @BeforeEach
    void open() throws IOException {
        ScriptedMilter.require();
    }

    private Path checks() throws IOException {
        return Files.writeString(
                systems.parent().resolve("milter_header_checks"),
                MilterDialogue.CHECKED.stream()
                        .map(action -> "/^X-Checked: " + action.replaceAll("[.\\[\\]]", "\\\\$0") + "$/ "
                                + systems.around().expand(action, systems.parent()) + "\n")
                        .collect(Collectors.joining()));
    }

    private List<String> mainCf(int milter) throws IOException {
        return List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mail_version = 1",
                "virtual_alias_domains = alias.test",
                "virtual_alias_maps = inline:{ {v@alias.test = w@d.test} {many@alias.test = x@d.test y@d.test} }",
                "smtpd_peername_lookup = no",
                "smtpd_relay_restrictions = check_recipient_access inline:{ {no@d.test = REJECT} } permit_mynetworks"
                        + " reject",
                "smtpd_milters = inet:127.0.0.1:" + milter,
                "milter_default_action = tempfail",
                "milter_header_checks = regexp:" + checks(),
                systems.around().expand("relayhost = [127.0.0.11]:%sink", systems.parent()));
    }

    /** What came of each dialogue, line by line. */
    private List<String> outcomes(int port, ScriptedMilter milter, Path log) throws Exception {
        List<String> all = new ArrayList<>();
        // Whoever has looked whether the port answers has made a session, too.
        int before = LogLines.of(log).size();
        say(MilterDialogue.FIRST.commands(), port);
        awaitEnd(log, before);
        milter.awaitNote("hello 'first.test'");
        for (MilterDialogue dialogue : DIALOGUES) {
            int logged = LogLines.of(log).size();
            int arrived = systems.around().sink().arrived().size();
            milter.takeNotes();
            List<String> said = say(dialogue.commands(), port);
            List<String> outcome = new ArrayList<>(said);
            String id = said.stream()
                    .map(QUEUED::matcher)
                    .filter(Matcher::find)
                    .map(found -> found.group(1))
                    .findFirst()
                    .orElse("");
            if (dialogue.arrives()) {
                outcome.addAll(delivered(arrived, said));
            }
            List<String> lines = awaitEnd(log, logged);
            if (dialogue.endsMilter()) {
                milter.startAgain();
            }
            outcome.addAll(
                    milter.takeNotes().stream().map(line -> "milter: " + line).toList());
            outcome.addAll(verdicts(lines));
            all.add(masked(String.join("\n", outcome), id, port));
        }
        return all;
    }

    /** What was logged of a session: when its end is, all else of it is, and the milter has heard everything. */
    private static List<String> awaitEnd(Path log, int from) throws Exception {
        return LogLines.await(log, from, lines -> LogLines.has(lines, "disconnect from "));
    }

    private static String masked(String text, String id, int port) {
        String masked = id.isEmpty() ? text : text.replaceAll("(?<=queued as |i=)" + id, "ID");
        return masked.replaceAll("(?m)^(verdict: \\w+: )(?!NOQUEUE)\\w+", "$1ID")
                .replaceAll("milter: (\\w+.*) i=\\w+", "milter: $1 i=ID")
                .replaceAll("(?m)\\w{3}, .*\\d{4} \\d.*(?=\\)'?$)", "DATE")
                .replaceAll("<\\d{14}\\.\\w+@", "<NEW@")
                .replaceAll("\\]:\\d+ ", "]:PORT ")
                .replaceAll("id \\w+ *$", "id ID")
                .replaceAll("'v=[^']*'|v=\\S+ \\S+", "v=V");
    }

    static List<String> say(List<String> commands, int port) throws IOException {
        List<String> replies = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MS_MAX);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            reply(in);
            for (String command : commands) {
                socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                String reply = reply(in);
                String shown = command.lines().count() > 1 ? "." : command;
                if (!command.startsWith("EHLO") || reply.charAt(0) != '2') {
                    replies.add(shown + " → " + reply);
                }
                if (reply.startsWith("421")) {
                    break;
                }
            }
        }
        return replies;
    }

    private static String reply(BufferedReader in) throws IOException {
        StringBuilder all = new StringBuilder();
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            all.append(line).append(" | ");
            line = in.readLine();
        }
        return all.append(line).toString();
    }

    /** In the order of their recipients. */
    private List<String> delivered(int before, List<String> said) throws Exception {
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
        boolean isOwn = false;
        for (String line : mail.content()) {
            // Ours says other words in its own field.
            isOwn = line.startsWith("Received: from c.test") || isOwn && line.startsWith("\t");
            if (line.startsWith("Received: from c.test")) {
                lines.add("| our Received");
            } else if (!isOwn) {
                lines.add("| " + (line.length() > 200 ? line.substring(0, 40) + " … " + line.length() : line));
            }
        }
        return lines.size() < 60 ? lines : shortened(lines);
    }

    private static List<String> shortened(List<String> lines) {
        List<String> some = new ArrayList<>(lines.subList(0, 30));
        some.add(lines.size() + " lines, of hash " + lines.hashCode());
        return some;
    }

    private static List<String> verdicts(List<String> lines) {
        return lines.stream()
                .map(VERDICT::matcher)
                .filter(Matcher::matches)
                .map(verdict -> "verdict: " + verdict.group(1) + ": " + verdict.group(2) + ": " + verdict.group(3))
                .toList();
    }

    @SuppressWarnings("try")
    private List<String> postfix() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("postfix"));
        List<Integer> ports = FreePorts.find(2);
        List<String> rows = new ArrayList<>(List.of(Side.row(ports.get(0), "smtpd", List.of())));
        rows.addAll(PostfixInstance.DELIVERY_ROWS);
        try (ScriptedMilter milter = ScriptedMilter.start(directory, ports.get(1));
                PostfixInstance postfix = PostfixInstance.start(
                        directory,
                        mainCf(milter.port()),
                        rows,
                        List.of(),
                        systems.around().nameServer(),
                        ports.get(0))) {
            return outcomes(ports.get(0), milter, directory.resolve("mail.log"));
        }
    }

    @SuppressWarnings("try")
    private List<String> ours() throws Exception {
        Path directory = Files.createDirectories(systems.parent().resolve("ours"));
        List<Integer> ports = FreePorts.find(2);
        try (ScriptedMilter milter = ScriptedMilter.start(directory, ports.get(1));
                OurInstance ours = OurInstance.start(
                        directory,
                        mainCf(milter.port()),
                        List.of(Side.row(ports.get(0), "smtpd", List.of())),
                        List.of(),
                        systems.around().nameServer())) {
            return outcomes(ports.get(0), milter, directory.resolve("mail.log"));
        }
    }

    @Test
    void answersLogsAndDeliversAsPostfixDoes() throws Exception {
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
