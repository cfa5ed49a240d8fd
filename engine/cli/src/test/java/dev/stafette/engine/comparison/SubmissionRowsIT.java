// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.engine.auth.Dovecot;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The rows {@code submission} and {@code submissions} (smtps) of Debian's own master.cf, comment signs removed, in front of a
 * real Dovecot: swaks, openssl and Python's smtplib get mail in with the right password, and none with a wrong one.
 */
@Timeout(600)
class SubmissionRowsIT {
    private static final Path MASTER_CF = Path.of("/usr/share/postfix/master.cf.dist");
    private static final long WAIT_S = 60;

    private static final String SMTPLIB = """
        import smtplib, ssl, sys
        port, wrapped, password = int(sys.argv[1]), sys.argv[2] == 'yes', sys.argv[3]
        context = ssl.create_default_context(cafile=sys.argv[4])
        context.check_hostname = False
        try:
            if wrapped:
                client = smtplib.SMTP_SSL('127.0.0.1', port, context=context)
            else:
                client = smtplib.SMTP('127.0.0.1', port)
                client.starttls(context=context)
            client.login('joe', password)
            client.sendmail('joe@b.test', ['smtplib@d.test'], 'Subject: x\\r\\n\\r\\nhello')
            print('sent')
        except smtplib.SMTPException as e:
            print(e.smtp_code, e.smtp_error.decode())
        """;

    private Path parent;
    private Surroundings around;
    private Dovecot dovecot;

    /** What a program said, and how it ended. */
    private record Said(int exitCode, String text) {}

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(MASTER_CF), "skipped: Debian's Postfix is not installed");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "rows");
        dovecot = Dovecot.start(Files.createDirectory(parent.resolve("auth")));
        around = Surroundings.open(List.of());
        for (String name : List.of("server.pem", "server.key", "ca.pem")) {
            Files.writeString(parent.resolve(name), TestCertificates.text(name));
        }
    }

    @AfterEach
    void close() throws IOException {
        if (dovecot != null) {
            dovecot.close();
        }
        if (around != null) {
            around.close();
        }
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    /** The rows of Debian's file, of which the sentences between them are left out. */
    private static List<String> rows(int submission, int submissions) throws IOException {
        List<String> rows = new ArrayList<>();
        boolean isWanted = false;
        for (String line : Files.readAllLines(MASTER_CF)) {
            boolean isOption = line.startsWith("#  -o ");
            if (!isOption && !line.startsWith("#   ") && !line.startsWith("# ")) {
                isWanted = line.matches("#submissions? +inet .*");
            }
            if (isWanted && (isOption || line.matches("#submissions? +inet .*"))) {
                rows.add(line.substring(1)
                        .replaceFirst("^submissions ", "127.0.0.1:" + submissions + " ")
                        .replaceFirst("^submission ", "127.0.0.1:" + submission + " ")
                        .replaceFirst(" y ", " n "));
            }
        }
        return rows;
    }

    private List<String> mainCf() {
        return List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination = b.test",
                "local_recipient_maps =",
                // Nobody gets in but by the password.
                "mynetworks = 192.0.2.0/24",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mua_client_restrictions =",
                "mua_helo_restrictions =",
                "mua_sender_restrictions =",
                "smtpd_tls_cert_file = " + parent.resolve("server.pem"),
                "smtpd_tls_key_file = " + parent.resolve("server.key"),
                "smtpd_sasl_type = dovecot",
                "smtpd_sasl_path = " + dovecot.socket(),
                around.expand("relayhost = [127.0.0.11]:%sink", parent));
    }

    @Test
    @SuppressWarnings("try")
    void letRealClientsInWithTheRightPasswordAndWithNoOther() throws Exception {
        List<Integer> ports = FreePorts.find(2);
        List<String> rows = rows(ports.get(0), ports.get(1));
        assertEquals(
                2, rows.stream().filter(row -> row.startsWith("127.0.0.1:")).count(), rows.toString());
        assertTrue(rows.contains("  -o smtpd_tls_wrappermode=yes"), rows.toString());
        Path directory = Files.createDirectory(parent.resolve("ours"));
        try (OurInstance ours = OurInstance.start(directory, mainCf(), rows, List.of(), around.nameServer())) {
            for (boolean isWrapped : List.of(false, true)) {
                int port = ports.get(isWrapped ? 1 : 0);
                Said sent = smtplib(port, isWrapped, "secret");
                assertEquals(new Said(0, "sent\n"), sent);
                Said refused = smtplib(port, isWrapped, "wrong");
                assertTrue(refused.text().startsWith("535 5.7.8 Error: authentication failed"), refused.text());
                sent = swaks(port, isWrapped, "secret");
                assertEquals(0, sent.exitCode(), sent.text());
                refused = swaks(port, isWrapped, "wrong");
                assertEquals(28, refused.exitCode(), refused.text());
                assertEquals("235 2.7.0 Authentication successful", openssl(port, isWrapped, "secret"));
                assertTrue(openssl(port, isWrapped, "wrong").startsWith("535 5.7.8 Error: authentication failed"));
            }
            Said inClear = run(List.of(
                    Programs.require("swaks").toString(),
                    "--server",
                    "127.0.0.1",
                    "--port",
                    "" + ports.get(0),
                    "--to",
                    "u@d.test",
                    "--auth",
                    "PLAIN",
                    "--auth-user",
                    "joe",
                    "--auth-password",
                    "secret"));
            assertEquals(28, inClear.exitCode(), inClear.text());
            Said withoutLogin = run(List.of(
                    Programs.require("swaks").toString(),
                    "--server",
                    "127.0.0.1",
                    "--port",
                    "" + ports.get(0),
                    "--tls",
                    "--to",
                    "u@d.test"));
            assertEquals(24, withoutLogin.exitCode(), withoutLogin.text());
            assertTrue(withoutLogin.text().contains("554 5.7.1 "), withoutLogin.text());
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
            while (around.sink().arrived().size() < 4 && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertEquals(4, around.sink().arrived().size());
        }
        String log = Files.readString(directory.resolve("mail.log"));
        assertTrue(log.contains("postfix/submission/smtpd["), log);
        assertTrue(log.contains("postfix/submissions/smtpd["), log);
        assertTrue(log.contains("sasl_method=PLAIN, sasl_username=joe"), log);
    }

    /** What each transport of the client is told; all have TLS and the right password unless they say something else. */
    private static final Map<String, List<String>> LOGINS = new TreeMap<>(Map.of(
            "plain", List.of("smtp_sasl_mechanism_filter=plain"),
            "login", List.of("smtp_sasl_mechanism_filter=login"),
            "cram", List.of("smtp_sasl_mechanism_filter=cram-md5"),
            "scram", List.of("smtp_sasl_mechanism_filter=scram-sha-256"),
            "wrongplain", List.of("smtp_sasl_mechanism_filter=plain", "smtp_sasl_password_maps=static:joe:wrong"),
            "wrongscram",
                    List.of("smtp_sasl_mechanism_filter=scram-sha-256", "smtp_sasl_password_maps=static:joe:wrong"),
            "other", List.of("smtp_sasl_password_maps=static:ann:word"),
            "nobody", List.of("smtp_sasl_auth_enable=no"),
            "noplain",
                    List.of(
                            "smtp_sasl_mechanism_filter=plain,login",
                            "smtp_sasl_tls_security_options=noanonymous,noplaintext"),
            "clear", List.of("smtp_tls_security_level=none")));

    private static final Pattern STATUS = Pattern.compile(".*: to=<u@(\\w+)-(\\w+)\\.test>,.* (dsn=\\S+, status=.*)");

    /**
     * What a client of either mail system makes of the submission row of the other: by transport.
     * {@code to}: whose row. The log also tells what became of the mail that the other brought, which is another question.
     */
    private static List<String> logins(Path log, String to, int count) throws Exception {
        Map<String, String> outcomes = new TreeMap<>();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (outcomes.size() < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            for (String line : LogLines.of(log)) {
                Matcher status = STATUS.matcher(line);
                if (status.matches() && status.group(2).equals(to)) {
                    outcomes.put(
                            status.group(1),
                            status.group(3)
                                    .replaceAll("queued as \\w+", "queued")
                                    .replaceAll("-\\w+\\.test>", ".test>"));
                }
            }
        }
        return outcomes.entrySet().stream()
                .map(one -> one.getKey() + ": " + one.getValue())
                .toList();
    }

    /** {@code to}: whose submission row, at that port. */
    private List<String> clientCf(String to, int port) {
        List<String> main = new ArrayList<>(mainCf());
        String routes = LOGINS.keySet().stream()
                .map(name -> "{" + name + "-" + to + ".test=" + name + ":[127.0.0.1]:" + port + "}")
                .collect(Collectors.joining(", "));
        main.add("transport_maps = inline:{" + routes + "}");
        main.add("smtp_tls_security_level = encrypt");
        main.add("smtp_sasl_auth_enable = yes");
        main.add("smtp_sasl_password_maps = static:joe:secret");
        main.add("smtp_sasl_tls_security_options = noanonymous");
        main.add("mua_sender_restrictions = reject_sender_login_mismatch");
        main.add("smtpd_sender_login_maps = inline:{s@a.test=joe}");
        return main;
    }

    private static List<String> clientRows(int front, int submission, int submissions) throws IOException {
        List<String> rows = new ArrayList<>();
        // As the sentences in Debian's file have it.
        rows(submission, submissions)
                .forEach(row ->
                        rows.add(row.replaceFirst("(-o smtpd_sender_restrictions=)$", "$1\\$mua_sender_restrictions")));
        LOGINS.forEach((name, settings) -> rows.add(name + " unix - - n - - smtp" + Side.options(settings)));
        rows.add(Side.row(front, "smtpd", List.of("mynetworks=127.0.0.0/8")));
        return rows;
    }

    private static void handIn(String to, int port) throws IOException {
        List<String> recipients = LOGINS.keySet().stream()
                .map(name -> "u@" + name + "-" + to + ".test")
                .toList();
        MailCase all = new MailCase("all", "127.0.0.1", "s@a.test", recipients, List.of("From: s@a.test"), List.of());
        assertEquals(List.of(), HandedIn.send(all, "all", port).refusals());
    }

    /** Right and wrong passwords by each mechanism, none, somebody else's address, and AUTH and mail where TLS is missing. */
    @Test
    @SuppressWarnings("try")
    void letPostfixInAndAreLetInByItAlike() throws Exception {
        Programs.require(PostfixInstance.MASTER);
        List<Integer> ports = FreePorts.find(6);
        Path their = Files.createDirectory(parent.resolve("theirs"));
        Path our = Files.createDirectory(parent.resolve("ours"));
        List<String> theirRows = new ArrayList<>(clientRows(ports.get(0), ports.get(1), ports.get(2)));
        theirRows.addAll(PostfixInstance.DELIVERY_ROWS);
        theirRows.add("tlsmgr unix - - n 1000? 1 tlsmgr");
        try (PostfixInstance theirs = PostfixInstance.start(
                        their,
                        clientCf("ours", ports.get(4)),
                        theirRows,
                        List.of(),
                        around.nameServer(),
                        ports.get(0));
                OurInstance ours = OurInstance.start(
                        our,
                        clientCf("theirs", ports.get(1)),
                        clientRows(ports.get(3), ports.get(4), ports.get(5)),
                        List.of(),
                        around.nameServer())) {
            handIn("ours", ports.get(0));
            handIn("theirs", ports.get(3));
            List<String> atOurs = logins(their.resolve("mail.log"), "ours", LOGINS.size());
            List<String> atTheirs = logins(our.resolve("mail.log"), "theirs", LOGINS.size());
            assertEquals(String.join("\n", atOurs), String.join("\n", atTheirs));
            for (String name : LOGINS.keySet()) {
                boolean isSent = List.of("plain", "login", "cram", "scram").contains(name);
                assertTrue(
                        atOurs.stream()
                                .anyMatch(line -> line.startsWith(name + ": ") && line.contains("=sent") == isSent),
                        name + " of " + atOurs);
            }
        }
    }

    private Said smtplib(int port, boolean isWrapped, String password) throws IOException, InterruptedException {
        return run(List.of(
                Programs.require("python3").toString(),
                "-c",
                SMTPLIB,
                "" + port,
                isWrapped ? "yes" : "no",
                password,
                parent.resolve("ca.pem").toString()));
    }

    private Said swaks(int port, boolean isWrapped, String password) throws IOException, InterruptedException {
        return run(List.of(
                Programs.require("swaks").toString(),
                "--server",
                "127.0.0.1",
                "--port",
                "" + port,
                isWrapped ? "--tls-on-connect" : "--tls",
                "--from",
                "joe@b.test",
                "--to",
                "swaks@d.test",
                "--auth",
                "PLAIN",
                "--auth-user",
                "joe",
                "--auth-password",
                password));
    }

    private Said run(List<String> words) throws IOException, InterruptedException {
        Path out = Files.createTempFile(parent, "out", ".txt");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end of " + words);
        }
        return new Said(process.exitValue(), Files.readString(out));
    }

    /** The reply to AUTH; the session is spoken by hand, in turn. */
    private String openssl(int port, boolean isWrapped, String password) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Programs.require("openssl").toString(),
                "s_client",
                "-connect",
                "127.0.0.1:" + port,
                "-quiet",
                "-verify_return_error",
                "-CAfile",
                parent.resolve("ca.pem").toString()));
        if (!isWrapped) {
            words.addAll(List.of("-starttls", "smtp"));
        }
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Whatever happens, it does not wait for ever.
        CompletableFuture.delayedExecutor(WAIT_S, TimeUnit.SECONDS).execute(process::destroyForcibly);
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            if (isWrapped) {
                // Who talks before the greeting is not heard.
                in.readLine();
            }
            say(process, "EHLO c.test");
            String line = in.readLine();
            while (line != null && !line.startsWith("250-mx.b.test")) {
                line = in.readLine();
            }
            while (line != null && !line.startsWith("250 ")) {
                line = in.readLine();
            }
            String token = "\0joe\0" + password;
            say(process, "AUTH PLAIN " + Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.US_ASCII)));
            return String.valueOf(in.readLine());
        } finally {
            process.destroy();
        }
    }

    private static void say(Process process, String line) throws IOException {
        process.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }
}
