// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Rows of pipe in Debian's Postfix and in ours: the program sees the same arguments, environment and bytes, and the log has the
 * same outcome. Ours goes by the delivery service.
 */
@Timeout(600)
class PipeComparisonIT {
    private static final long WAIT_S = 120;

    private static final String SENDER = "S.s+t@A.test";

    private static final List<String> HEADER = List.of(
            "From: s@a.test",
            "To: x@b.test",
            "Message-ID: <m@a.test>",
            "Date: Thu, 1 Jan 2026 00:00:00 +0000",
            "Delivered-To: loop@c%.test",
            "",
            "From here",
            ">From there",
            "..dot",
            "...");

    private static final Pattern LOGGED = Pattern.compile(".* postfix/\\S+?\\[\\d+\\]: ([0-9A-Za-z]+): (to=<.*)");

    /**
     * @param attributes of the row, without its user
     * @param code of the shell, run when the program has seen everything
     */
    private record PipeCase(String attributes, String code, String words, String sender, List<String> recipients) {}

    private static final List<PipeCase> CASES = cases();

    @RegisterExtension
    private final ComparedSystems systems = new ComparedSystems("pipes");

    private static PipeCase exit(String code) {
        return new PipeCase("flags=", code, "$recipient", SENDER, List.of("u"));
    }

    private static PipeCase words(String attributes, String words, String... recipients) {
        return new PipeCase(attributes, "exit 0", words, SENDER, List.of(recipients));
    }

    private static List<PipeCase> cases() {
        List<PipeCase> cases = new ArrayList<>();
        for (int code : new int[] {0, 1, 64, 65, 67, 70, 71, 73, 75, 77, 78, 79}) {
            cases.add(exit("exit " + code));
        }
        cases.add(exit("echo all is well; exit 0"));
        cases.add(exit("echo one; echo two >&2; exit 75"));
        cases.add(exit("echo 4.2.1 box is away; exit 1"));
        cases.add(exit("echo 5.7.9 go away; exit 75"));
        cases.add(exit("echo 2.1.5 fine; exit 1"));
        cases.add(exit("printf \"a\\\\tb\\\\001c\\\\n\"; exit 69"));
        cases.add(exit("kill -9 $$$$"));
        cases.add(exit("kill -15 $$$$"));
        String all = "$sender $recipient $original_recipient $user $extension $mailbox $domain $nexthop";
        for (String flags : new String[] {
            "B", "D", "F", "O", "R", "X", "h", "q", "u", ".", ">", "DRXhu", "Fqhu", "Fq.", "FRX", "BDFORXhqu.>"
        }) {
            cases.add(words("flags=" + flags, all, "U.u+Ext"));
        }
        cases.add(words("flags=hqu", all, "\"U u\"", "\"a@b\"", "plain"));
        cases.add(words("flags=R", all, "+x", "\"U u\"", "\"a\\\"b\""));
        cases.add(words("flags=", "($recipient) ${user}-$(extension)", "u", "v+x", "w"));
        cases.add(words("flags=", "$client_address $client_protocol $client_helo ${client_hostname} $$sender", "u"));
        cases.add(words("flags=", "{ a  b } [$sasl_method$sasl_username$sasl_sender] x", "u"));
        cases.add(words("flags=", "$recipent", "u"));
        cases.add(words("flags=R eol=\\r\\n", "x", "u"));
        cases.add(words("flags=F eol=\\041\\n", "x", "u"));
        cases.add(words("flags=D", "x", "loop"));
        cases.add(words("flags=", "x", "loop"));
        cases.add(words("flags=D", "x", "u", "many"));
        cases.add(words("size=10", "x", "u"));
        cases.add(words("size=1000000", "x", "u"));
        cases.add(words("directory=/var/tmp", "x", "u"));
        cases.addAll(rowsOfInstallations());
        cases.add(new PipeCase("flags=FR", "exit 0", "$sender", "", List.of("u")));
        cases.add(new PipeCase("flags=FR null_sender=", "exit 0", "-f $sender", "", List.of("u")));
        cases.add(new PipeCase("flags=q null_sender=a@b", "exit 0", "-f $sender", "", List.of("u")));
        return cases;
    }

    /** maildrop, uucp, ifmail, bsmtp, scalemail, mailman, cyrus, dovecot, spamc, mlmmj and msmtp, behind the program's name. */
    private static List<PipeCase> rowsOfInstallations() {
        return List.of(
                words("flags=DRXhu", "-d ${recipient}", "U.u+Ext"),
                words("flags=Fqhu", "-r -n -z -a$sender - $nexthop!rmail ($recipient)", "U.u+Ext", "v"),
                words("flags=F", "-r $nexthop ($recipient)", "U.u+Ext", "v"),
                words("flags=Fq.", "-t$nexthop -f$sender $recipient", "U.u+Ext", "v"),
                words("flags=R", "${nexthop} ${user} ${extension}", "U.u+Ext", "v"),
                words("flags=FRX", "${nexthop} ${user}", "list-bounces+a=b.c"),
                words("flags=", "-e -r ${sender} -m ${extension} ${user}", "U.u+Ext", "v"),
                words("flags=DRhu", "-f ${sender} -a ${original_recipient} -d ${user}@${nexthop}", "U.u+Ext"),
                words("flags=", "-f -e /usr/sbin/sendmail -oi -f ${sender} ${recipient}", "U.u+Ext", "v"),
                words("flags=ORhu", "-F -L /var/spool/mlmmj/$nexthop", "U.u+Ext"),
                words("flags=R", "--read-envelope-from -- ${recipient}", "U.u+Ext", "v"));
    }

    @BeforeEach
    void open() throws IOException {
        Files.setPosixFilePermissions(systems.parent(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static List<String> mainCf(ClientCases clients) {
        List<String> lines = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = all",
                "recipient_delimiter = +",
                "smtpd_peername_lookup = no",
                "smtpd_relay_restrictions = permit_mynetworks, reject",
                "mynetworks = 127.0.0.0/8",
                "append_dot_mydomain = no",
                "export_environment = MAIL_CONFIG=/none A=b",
                "strict_rfc821_envelopes = no",
                "in_flow_delay = 0",
                "notify_classes ="));
        lines.addAll(clients.mainCf());
        StringBuilder routes = new StringBuilder("transport_maps = inline:{ { told.test = told: }");
        for (int i = 0; i < CASES.size(); i++) {
            routes.append(" { c").append(i).append(".test = c").append(i).append(": }");
            if (CASES.get(i).attributes().matches("flags=\\S*[DO].*")
                    && !CASES.get(i).recipients().contains("many")) {
                lines.add("c" + i + "_destination_recipient_limit = 1");
            }
        }
        lines.add(routes.append(" }").toString());
        return lines;
    }

    private static List<String> rows(Path directory, int port, ClientCases clients) {
        List<String> rows = new ArrayList<>(clients.rows());
        rows.add(Side.row(port, "smtpd", List.of()));
        for (int i = 0; i < CASES.size(); i++) {
            PipeCase one = CASES.get(i);
            String attributes = one.attributes().equals("flags=") ? "" : one.attributes();
            rows.add("c" + i + " unix - n n - - pipe " + attributes + "\n  user=daemon argv=/bin/sh " + directory
                    + "/script " + directory + "/seen/c" + i + " { " + one.code() + " } " + one.words());
        }
        return rows;
    }

    private static void prepare(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("seen"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(directory.resolve("seen"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Path script = Files.writeString(
                directory.resolve("script"),
                "out=$1; code=$2; shift 2; exec 3>$out.$$\nfor word; do echo \"[$word]\" >&3; done\n"
                        + "cat >&3; echo \"$A $PATH $MAIL_CONFIG $LANG\" >&3; exec 3>&-\neval \"$code\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What the log says of each case's recipients, and what its programs have seen. */
    private static List<List<String>> outcomes(Path directory, int port, ClientCases clients) throws Exception {
        Map<String, Integer> byQueueId = new LinkedHashMap<>();
        int expected = 0;
        for (int i = 0; i < CASES.size(); i++) {
            PipeCase one = CASES.get(i);
            String domain = "@c" + i + ".test";
            List<String> header = HEADER.stream()
                    .map(line -> line.replace("%", String.valueOf(caseNumber(domain))))
                    .toList();
            HandedIn handedIn = HandedIn.send(
                    new MailCase(
                            "c" + i,
                            "127.0.0.1",
                            one.sender(),
                            one.recipients().stream().map(user -> user + domain).toList(),
                            header,
                            List.of()),
                    "c" + i,
                    port);
            assertEquals(List.of(), handedIn.refusals());
            byQueueId.put(handedIn.queueId(), i);
            expected += one.recipients().size();
        }
        List<List<String>> outcomes = new ArrayList<>();
        CASES.forEach(one -> outcomes.add(new ArrayList<>()));
        awaitLines(directory.resolve("mail.log"), byQueueId, expected, directory, outcomes);
        Map<String, String> seen = new TreeMap<>();
        try (var files = Files.list(directory.resolve("seen"))) {
            for (Path file : files.toList()) {
                seen.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        for (int i = 0; i < CASES.size(); i++) {
            String prefix = "c" + i + ".";
            List<String> sights = new ArrayList<>();
            seen.forEach((name, text) -> {
                if (name.startsWith(prefix)) {
                    sights.add(masked(text));
                }
            });
            sights.sort(null);
            outcomes.get(i).addAll(sights);
        }
        clients.outcomes(port).forEach(seenBySession -> outcomes.add(List.of(seenBySession)));
        return outcomes;
    }

    private static int caseNumber(String domain) {
        return Integer.parseInt(domain.substring(2, domain.indexOf('.')));
    }

    private static void awaitLines(
            Path log, Map<String, Integer> byQueueId, int expected, Path directory, List<List<String>> outcomes)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        List<String> found = List.of();
        while (found.size() < expected && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
            found = LogLines.of(log).stream()
                    .filter(line -> LOGGED.matcher(line).matches() && byQueueId.containsKey(queueId(line)))
                    .toList();
        }
        for (String line : found) {
            Matcher logged = LOGGED.matcher(line);
            assertTrue(logged.matches());
            outcomes.get(byQueueId.get(logged.group(1)))
                    .add(logged.group(2)
                            .replaceAll("(delay|delays)=[^,]*, ", "")
                            .replace(directory.toString(), "DIR"));
        }
        outcomes.forEach(lines -> lines.sort(null));
    }

    private static String queueId(String line) {
        Matcher logged = LOGGED.matcher(line);
        return logged.matches() ? logged.group(1) : "";
    }

    /** Without what differs between any two messages. */
    private static String masked(String seen) {
        return seen.replaceAll("(?m)^Received: .*\\R(?:[ \\t].*\\R)*", "")
                .replaceAll("(?m)^(From \\S+  )\\w{3} \\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}", "$1DATE");
    }

    @SuppressWarnings("try")
    private List<List<String>> postfix(Path directory, ClientCases clients) throws Exception {
        int port = FreePorts.find();
        List<String> rows = rows(directory, port, clients);
        rows.addAll(List.of(
                "qmgr unix n - n 300 1 qmgr",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
                "trace unix - - n - 0 bounce",
                "smtp unix - - n - - smtp",
                "error unix - - n - - error",
                "retry unix - - n - - error"));
        try (PostfixInstance unused = PostfixInstance.start(
                directory, mainCf(clients), rows, List.of(), systems.around().nameServer(), port)) {
            return outcomes(directory, port, clients);
        }
    }

    @SuppressWarnings("try")
    private List<List<String>> ours(Path directory, ClientCases clients) throws Exception {
        int port = FreePorts.find();
        List<String> mainCf = mainCf(clients);
        try (TestDeputy deputy = TestDeputy.start(systems.parent())) {
            mainCf.add(deputy.mainCf());
            try (OurInstance unused = OurInstance.start(
                    directory,
                    mainCf,
                    rows(directory, port, clients),
                    List.of(),
                    systems.around().nameServer())) {
                return outcomes(directory, port, clients);
            }
        }
    }

    /** Without the directory of one side. */
    private static List<String> masked(List<String> lines, Path directory) {
        return lines.stream()
                .map(line -> line.replace(directory.toString(), "DIR"))
                .toList();
    }

    @Test
    void programsSeeWhatTheySeeInPostfix() throws Exception {
        Path theirs = Files.createDirectory(systems.parent().resolve("theirs"));
        Path ours = Files.createDirectory(systems.parent().resolve("ours"));
        prepare(theirs);
        prepare(ours);
        List<List<String>> expected;
        List<List<String>> actual;
        try (LoginServer logins = new LoginServer()) {
            expected = postfix(theirs, new ClientCases(theirs, logins));
            actual = ours(ours, new ClientCases(ours, logins));
        }
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            if (!masked(expected.get(i), theirs).equals(masked(actual.get(i), ours))) {
                differences.add((i < CASES.size() ? CASES.get(i) : "clients") + "\n  Postfix: " + shown(expected.get(i))
                        + "\n  ours:    " + shown(actual.get(i)));
            }
        }
        assertEquals("", String.join("\n", differences));
    }

    private static String shown(List<String> lines) {
        return Arrays.toString(lines.toArray()).replace("\r", "\\r").replace("\n", "\\n");
    }
}
