// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.HeldPort;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Mail goes to Debian's Dovecot by LMTP, over the socket of most setups, and is read there by IMAP. */
@Timeout(300)
class DovecotLmtpIT {
    private static final int MESSAGES = 60;

    private Path parent;
    private MtaDirectory directory;
    private Process dovecot;
    private int imapPort;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Installation.isRoot(), "skipped: only root may start Dovecot");
        Path program = Programs.require(Path.of("/usr/sbin/dovecot"));
        Programs.require(Path.of("/usr/lib/dovecot/lmtp"));
        Programs.require(Path.of("/usr/lib/dovecot/imap"));
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "dovecot-lmtp");
        directory = MtaDirectory.create(
                parent,
                "mx",
                List.of(
                        "virtual_mailbox_domains = box.test",
                        "virtual_transport = lmtp:unix:private/dovecot-lmtp",
                        "lmtp_destination_recipient_limit = 50"));
        Files.writeString(
                directory.path().resolve("master.cf"), "lmtp unix - - n - - lmtp\n", StandardOpenOption.APPEND);
        imapPort = HeldPort.next();
        dovecot = startDovecot(program);
        awaitSockets();
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (dovecot != null) {
            dovecot.destroy();
            if (!dovecot.waitFor(60, TimeUnit.SECONDS)) {
                dovecot.destroyForcibly().waitFor();
            }
        }
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    private Process startDovecot(Path program) throws IOException {
        Path sockets = Files.createDirectories(
                directory.path().resolve("queue/private"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Path mail = Files.createDirectory(parent.resolve("mail"));
        Files.setAttribute(mail, "unix:uid", 1000);
        Path users = parent.resolve("users");
        Files.write(users, List.of("joe@box.test:{PLAIN}secret::::::", "jane@box.test:{PLAIN}secret::::::"));
        Path run = parent.resolve("run");
        Path file = parent.resolve("dovecot.conf");
        Files.write(
                file,
                List.of(
                        "protocols = lmtp imap",
                        "listen = 127.0.0.1",
                        "base_dir = " + run,
                        "state_dir = " + run,
                        "log_path = " + parent.resolve("dovecot.log"),
                        "ssl = no",
                        "disable_plaintext_auth = no",
                        "postmaster_address = postmaster@box.test",
                        "mail_location = maildir:~/Maildir",
                        "passdb {",
                        "  driver = passwd-file",
                        "  args = " + users,
                        "}",
                        "userdb {",
                        "  driver = passwd-file",
                        "  args = " + users,
                        "  override_fields = uid=1000 gid=1000 home=" + mail + "/%u",
                        "}",
                        "service lmtp {",
                        "  unix_listener " + sockets.resolve("dovecot-lmtp") + " {",
                        "    mode = 0666",
                        "  }",
                        "}",
                        "service imap-login {",
                        "  inet_listener imap {",
                        "    port = " + imapPort,
                        "  }",
                        "  inet_listener imaps {",
                        "    port = 0",
                        "  }",
                        "}"));
        return new ProcessBuilder(program.toString(), "-F", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(parent.resolve("dovecot.out").toFile())
                .start();
    }

    /** Mail that came before they are there would be deferred. */
    private void awaitSockets() throws IOException, InterruptedException {
        UnixDomainSocketAddress lmtp =
                UnixDomainSocketAddress.of(directory.path().resolve("queue/private/dovecot-lmtp"));
        awaitConnection(() -> SocketChannel.open(lmtp)).close();
        connect(imapPort).close();
    }

    private String dovecotLog() {
        try {
            Path log = parent.resolve("dovecot.log");
            return Files.readString(parent.resolve("dovecot.out")) + (Files.exists(log) ? Files.readString(log) : "");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private interface Connecting<T> {
        T connect() throws IOException;
    }

    private static <T> T awaitConnection(Connecting<T> connecting) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                return connecting.connect();
            } catch (IOException notYet) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static Socket connect(int port) throws IOException, InterruptedException {
        Socket socket = awaitConnection(() -> new Socket(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** In one session; each for all of the recipients. */
    private void send(int count, String... recipients) throws IOException, InterruptedException {
        try (Socket socket = connect(directory.port())) {
            BufferedReader in = reader(socket);
            expect(in, "220");
            say(socket, "HELO c.test\r\n");
            expect(in, "250");
            for (int i = 0; i < count; i++) {
                say(socket, "MAIL FROM:<a@a.test>\r\n");
                expect(in, "250");
                for (String recipient : recipients) {
                    say(socket, "RCPT TO:<" + recipient + ">\r\n");
                    expect(in, "250");
                }
                say(socket, "DATA\r\n");
                expect(in, "354");
                say(socket, "Subject: number " + i + "\r\n\r\n..dots and words\r\n.\r\n");
                expect(in, "250");
            }
        }
    }

    private static void expect(BufferedReader in, String code) throws IOException {
        String line = String.valueOf(in.readLine());
        assertTrue(line.startsWith(code), line);
    }

    /** The answers up to the one that ends the command. */
    private static List<String> ask(Socket socket, BufferedReader in, String command) throws IOException {
        say(socket, "a " + command + "\r\n");
        List<String> lines = new ArrayList<>();
        do {
            lines.add(String.valueOf(in.readLine()));
        } while (!lines.get(lines.size() - 1).startsWith("a ")
                && !lines.get(lines.size() - 1).equals("null"));
        return lines;
    }

    private List<String> fetched(String user, String what) throws IOException, InterruptedException {
        try (Socket socket = connect(imapPort)) {
            BufferedReader in = reader(socket);
            in.readLine();
            ask(socket, in, "LOGIN " + user + " secret");
            List<String> selected = new ArrayList<>(ask(socket, in, "SELECT INBOX"));
            selected.addAll(ask(socket, in, what));
            return selected;
        }
    }

    private List<String> awaitDeliveries(int count) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            String log = Files.readString(directory.path().resolve("mail.log"));
            // The last line may be half a one.
            List<String> found = log.substring(0, log.lastIndexOf('\n') + 1)
                    .lines()
                    .filter(line -> line.contains("/lmtp[") && line.contains(", status="))
                    .toList();
            if (found.size() >= count) {
                return found;
            }
            assertTrue(System.nanoTime() < deadlineNs, () -> String.join("\n", found) + dovecotLog());
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Test
    @SuppressWarnings("try")
    void deliversToEachForHimselfAndManyOverFewConnections() throws IOException, InterruptedException {
        try (RunningMta mta = new RunningMta(directory)) {
            send(1, "joe@box.test", "nobody@box.test", "jane@box.test");
            List<String> lines = awaitDeliveries(3);
            assertEquals(
                    2,
                    count(lines, "relay=mx.test\\[private/dovecot-lmtp\\], .*dsn=2\\.0\\.0, status=sent .*Saved\\)"));
            assertEquals(1, count(lines, "to=<nobody@box.test>, .*dsn=5\\.1\\.1, status=bounced .*RCPT TO command\\)"));
            send(MESSAGES, "joe@box.test", "jane@box.test");
            lines = awaitDeliveries(3 + 2 * MESSAGES);
            assertEquals(2 + 2 * MESSAGES, count(lines, "status=sent"));
            assertTrue(count(lines, "conn_use=") > MESSAGES, () -> "connections are not used again");
            for (String user : List.of("joe@box.test", "jane@box.test")) {
                List<String> box = fetched(user, "FETCH 1 BODY[]");
                assertTrue(box.contains("* " + (1 + MESSAGES) + " EXISTS"), () -> box + dovecotLog());
                assertTrue(box.contains(".dots and words"), () -> String.join("\n", box));
            }
        }
    }

    private static long count(List<String> lines, String pattern) {
        return lines.stream()
                .filter(line -> line.matches(".*" + pattern + ".*"))
                .count();
    }
}
