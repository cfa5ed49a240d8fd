// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows of conf/programs-master.cf with Debian's own programs behind them, in a running mail system and its delivery service. */
@Timeout(600)
class ProgramRowsIT {
    private static final Path CONF =
            Path.of("..", "..", "conf").toAbsolutePath().normalize();
    private static final long WAIT_S = 60;

    /** Every filter for spam knows it. */
    private static final String SPAM = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private Path parent;
    private Path directory;
    private Surroundings around;
    private int port;
    private final List<Process> programs = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "skipped: only root may act as others");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "rows");
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        directory = Files.createDirectory(parent.resolve("ours"));
        around = Surroundings.open(List.of());
        port = FreePorts.find();
    }

    @AfterEach
    void close() throws Exception {
        for (Process program : programs) {
            program.destroy();
            program.waitFor(20, TimeUnit.SECONDS);
        }
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    /** Of the sample; each two are what stands there, and what stands for it. */
    private static String row(String name, String... changes) throws IOException {
        String all = Files.readString(CONF.resolve("programs-master.cf"));
        int start = all.indexOf("\n" + name + " unix ") + 1;
        String row = all.substring(start, all.indexOf("\n\n", start) + 1);
        for (int i = 0; i < changes.length; i += 2) {
            assertTrue(row.contains(changes[i]), row);
            row = row.replace(changes[i], changes[i + 1]);
        }
        return row;
    }

    private OurInstance start(TestDeputy deputy, List<String> mainCf, List<String> rows) throws IOException {
        List<String> main = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.b.test",
                "mydestination =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_peername_lookup = no",
                "setgid_group = no-such-group",
                deputy.mainCf()));
        main.addAll(mainCf);
        return OurInstance.start(directory, main, rows, List.of(), around.nameServer());
    }

    private void send(String recipient, String text) throws IOException {
        List<String> said = MilterComparisonIT.say(
                List.of(
                        "EHLO c.test",
                        "MAIL FROM:<s@a.test>",
                        "RCPT TO:<" + recipient + ">",
                        "DATA",
                        "From: s@a.test\r\nTo: " + recipient + "\r\nSubject: x\r\n"
                                + "Date: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <m@a.test>\r\n\r\n"
                                + text + "\r\n."),
                port);
        assertTrue(said.get(said.size() - 1).contains("250 2.0.0 Ok: queued"), said::toString);
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("mail.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void awaitLog(String regularExpression) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!Pattern.compile(regularExpression).matcher(log()).find()) {
            assertTrue(System.nanoTime() < deadline, () -> regularExpression + "\n" + log() + outputs());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private String outputs() {
        try (Stream<Path> files = Files.list(parent)) {
            StringBuilder all = new StringBuilder();
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".out")).toList()) {
                all.append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void run(String... words) throws IOException {
        programs.add(new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(parent.resolve("program.out").toFile())
                .start());
    }

    private static boolean isOpen(Path socket) {
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void startDovecot(Path file, Path mail) throws Exception {
        Path run = parent.resolve("run");
        // Its agent writes there too, as the user of the row.
        Path log = Files.createFile(parent.resolve("dovecot.out"));
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
        Path users = Files.writeString(parent.resolve("users"), "joe@box.test::65534:65534::" + mail + "/joe\n");
        Files.write(
                file,
                List.of(
                        "protocols =",
                        "listen = 127.0.0.1",
                        "base_dir = " + run,
                        "state_dir = " + run,
                        "log_path = " + log,
                        "ssl = no",
                        "auth_username_format = %Lu",
                        "postmaster_address = postmaster@box.test",
                        "mail_location = maildir:~/Maildir",
                        "recipient_delimiter = +",
                        "lda_mailbox_autocreate = yes",
                        "passdb {",
                        "  driver = passwd-file",
                        "  args = " + users,
                        "}",
                        "userdb {",
                        "  driver = passwd-file",
                        "  args = " + users,
                        "}",
                        "service auth {",
                        "  unix_listener auth-userdb {",
                        "    mode = 0666",
                        "  }",
                        "}",
                        "service stats {",
                        "  unix_listener stats-writer {",
                        "    mode = 0666",
                        "  }",
                        "}"));
        run("/usr/sbin/dovecot", "-F", "-c", file.toString());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!isOpen(run.resolve("auth-userdb")) || !isOpen(run.resolve("stats-writer"))) {
            assertTrue(System.nanoTime() < deadline, this::outputs);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    @SuppressWarnings("try")
    void dovecotsAgentPutsMailIntoMailboxes() throws Exception {
        Programs.require(Path.of("/usr/sbin/dovecot"));
        Programs.require(Path.of("/usr/lib/dovecot/dovecot-lda"));
        Path mail = Files.createDirectory(parent.resolve("mail"));
        Files.setOwner(
                mail, mail.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        Path file = parent.resolve("dovecot.conf");
        startDovecot(file, mail);
        try (TestDeputy deputy = TestDeputy.start(parent);
                OurInstance unused = start(
                        deputy,
                        List.of(
                                "virtual_mailbox_domains = box.test",
                                "virtual_transport = dovecot:",
                                "recipient_delimiter = +",
                                "dovecot_destination_recipient_limit = 1"),
                        List.of(
                                Side.row(port, "smtpd", List.of()),
                                row(
                                        "dovecot",
                                        "user=vmail:vmail",
                                        "user=nobody:nogroup",
                                        "dovecot-lda -f",
                                        "dovecot-lda -c " + file + " -f")))) {
            send("Joe+Ext@Box.test", "hello\r\n..dot");
            awaitLog("to=<Joe\\+Ext@Box.test>, relay=dovecot, .*dsn=2.0.0, status=sent \\(delivered via dovecot"
                    + " service\\)");
            try (Stream<Path> boxes = Files.list(mail.resolve("joe/Maildir/new"))) {
                List<Path> messages = boxes.toList();
                assertEquals(1, messages.size());
                String message = Files.readString(messages.get(0));
                assertTrue(message.startsWith("Return-Path: <s@a.test>\nDelivered-To: "), message);
                assertTrue(message.endsWith("\n\nhello\n.dot\n"), message);
            }
            send("nobody@box.test", "hello");
            awaitLog("to=<nobody@box.test>, relay=dovecot, .*dsn=5.1.1, status=bounced \\(user unknown\\)");
        }
    }

    private void startSpamd(int spamPort) throws Exception {
        Path home = Files.createDirectory(parent.resolve("spamd"));
        run(
                "/usr/sbin/spamd",
                "-L",
                "-x",
                "-m",
                "1",
                "-i",
                "127.0.0.1",
                "-p",
                String.valueOf(spamPort),
                "-u",
                "nobody",
                "-H",
                home.toString());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (System.nanoTime() < deadline) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), spamPort).close();
                return;
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IOException("spamd did not start: " + outputs());
    }

    @Test
    @SuppressWarnings("try")
    void spamcMarksMailThatComesBackBySendmail() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("long.spam"), "-Dlong.spam=true runs it");
        Programs.require("spamc");
        Programs.require("spamd");
        int spamPort = FreePorts.find();
        startSpamd(spamPort);
        Path sendmail = Installation.script().resolveSibling("sendmail");
        try (TestDeputy deputy = TestDeputy.start(parent);
                OurInstance unused = start(
                        deputy,
                        List.of("relayhost = " + around.expand("[127.0.0.11]:%sink", parent)),
                        List.of(
                                Side.row(port, "smtpd", List.of("content_filter=spamassassin")),
                                "pickup unix n - n 1 1 pickup",
                                row(
                                        "spamassassin",
                                        "user=debian-spamd",
                                        "user=nobody",
                                        "/usr/bin/spamc",
                                        "/usr/bin/spamc -d 127.0.0.1 -p " + spamPort,
                                        "/usr/sbin/sendmail",
                                        sendmail.toString())))) {
            send("u@far.test", "hello\r\n..dot");
            send("v@far.test", SPAM);
            awaitLog("to=<u@far.test>, relay=spamassassin, .*status=sent \\(delivered via spamassassin service\\)");
            awaitLog("to=<v@far.test>, relay=spamassassin, .*status=sent \\(delivered via spamassassin service\\)");
            awaitLog("to=<u@far.test>, relay=127.0.0.11.*status=sent");
            awaitLog("to=<v@far.test>, relay=127.0.0.11.*status=sent");
            assertEquals(2, around.sink().arrived().size());
            for (MailSink.Arrived arrived : around.sink().arrived()) {
                String text = String.join("\n", arrived.content());
                assertTrue(text.contains("X-Spam-Checker-Version: SpamAssassin "), text);
                assertEquals(arrived.recipients().contains("<v@far.test>"), text.contains("\nX-Spam-Flag: YES"), text);
                if (arrived.recipients().contains("<u@far.test>")) {
                    assertTrue(text.contains("\n\nhello\n..dot"), text);
                }
            }
            assertFalse(log().contains("status=bounced"), this::log);
        }
    }
}
