// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.HeldPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Dovecot with the samples of conf/, and a client that fetches its mail before it sends some. */
@Timeout(300)
class PopBeforeSmtpIT {
    private static final Path CONF = Path.of("..", "..", "conf");
    private static final String REFUSED = "454 4.7.1 <you@elsewhere.test>: Relay access denied";

    /** Short enough to be waited for. */
    private static final int SECONDS_TO_LIVE = 4;

    @TempDir
    Path directory;

    @Test
    void relaysForWhoHasLoggedInUntilHisTimeIsOver() throws IOException, InterruptedException {
        Assumptions.assumeTrue(Installation.isRoot(), "skipped: only root may start Dovecot");
        Path dovecot = Programs.require(Path.of("/usr/sbin/dovecot"));
        Programs.require(Path.of("/usr/lib/dovecot/pop3"));
        Assumptions.assumeTrue(Files.isExecutable(Installation.script()), "no installation: mvn package makes it");
        openToAll(directory);
        Path clients = Files.createDirectory(directory.resolve("popauth"));
        UserPrincipal nobody =
                directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(clients, nobody);
        try (RunningMta mta = new RunningMta(
                directory,
                "mynetworks = 192.0.2.0/24",
                "relayhost = [127.0.0.1]:1",
                "popauth_file = " + clients.resolve("clients"),
                "popauth_time_to_live = " + SECONDS_TO_LIVE + "s",
                "smtpd_relay_restrictions = permit_mynetworks,"
                        + " check_client_access popauth:$popauth_file, defer_unauth_destination")) {
            int port = HeldPort.next();
            openToAll(mta.directory().path());
            Process server = startDovecot(dovecot, port, mta.directory().path());
            try {
                assertEquals(REFUSED, askToRelay(mta));
                assertEquals("250 2.1.5 Ok", logInAndAskToRelay(port, mta), () -> log(directory));
                awaitRefusal(mta);
            } finally {
                server.destroy();
                if (!server.waitFor(60, TimeUnit.SECONDS)) {
                    server.destroyForcibly().waitFor();
                }
            }
        }
    }

    private static void openToAll(Path path) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The samples, with the places of this test. */
    private Process startDovecot(Path program, int port, Path config) throws IOException {
        Path hook = directory.resolve("popauth-login");
        Files.writeString(
                hook,
                Files.readString(CONF.resolve("popauth-login"))
                        .replace(
                                "/opt/stafette/bin/stafette",
                                Installation.script().toString())
                        .replace("config=/etc/stafette", "config=" + config)
                        .replace("PATH=", "PATH=" + Path.of(System.getProperty("java.home"), "bin") + ":"));
        openToAll(hook);
        String service = Files.readString(CONF.resolve("dovecot-popauth.conf"))
                .replace("/etc/stafette/popauth-login", hook.toString())
                .replace("user = popauth", "user = nobody");
        Path mail = Files.createDirectory(directory.resolve("mail"));
        Files.setAttribute(mail, "unix:uid", 1000);
        Path file = directory.resolve("dovecot.conf");
        Files.write(
                file,
                List.of(
                        "protocols = pop3",
                        "listen = 127.0.0.1",
                        "base_dir = " + directory.resolve("run"),
                        "state_dir = " + directory.resolve("run"),
                        "log_path = " + directory.resolve("dovecot.log"),
                        "ssl = no",
                        "disable_plaintext_auth = no",
                        "mail_location = maildir:" + mail + "/%u",
                        "passdb {",
                        "  driver = static",
                        "  args = password=secret",
                        "}",
                        "userdb {",
                        "  driver = static",
                        "  args = uid=1000 gid=1000 home=" + mail + "/%u",
                        "}",
                        "service pop3-login {",
                        "  inet_listener pop3 {",
                        "    port = " + port,
                        "  }",
                        "  inet_listener pop3s {",
                        "    port = 0",
                        "  }",
                        "}",
                        service));
        return new ProcessBuilder(program.toString(), "-F", "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("dovecot.out").toFile())
                .start();
    }

    private static String log(Path directory) {
        try {
            Path log = directory.resolve("dovecot.log");
            return Files.readString(directory.resolve("dovecot.out"))
                    + (Files.exists(log) ? Files.readString(log) : "");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Socket connect(int port) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(60_000);
                return socket;
            } catch (IOException notYet) {
                if (System.nanoTime() - deadlineNs > 0) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static String say(Socket socket, BufferedReader in, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return String.valueOf(in.readLine());
    }

    private void logIn(int port) throws IOException, InterruptedException {
        try (Socket socket = connect(port)) {
            BufferedReader in = reader(socket);
            in.readLine();
            say(socket, in, "USER joe");
            String answer = say(socket, in, "PASS secret");
            assertTrue(answer.startsWith("+OK"), () -> answer + "\n" + log(directory));
            assertTrue(say(socket, in, "STAT").startsWith("+OK"), () -> log(directory));
            say(socket, in, "QUIT");
        }
    }

    /** Where so much time goes by that the login may have ended, which is told in whole seconds, that says nothing: once more. */
    private String logInAndAskToRelay(int port, RunningMta mta) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (true) {
            long startNs = System.nanoTime();
            logIn(port);
            String answer = askToRelay(mta);
            long nowNs = System.nanoTime();
            boolean isTooLate = nowNs - startNs >= TimeUnit.SECONDS.toNanos(SECONDS_TO_LIVE - 1);
            if (!answer.equals(REFUSED) || !isTooLate || nowNs - deadlineNs > 0) {
                return answer;
            }
        }
    }

    /** What is said to a recipient elsewhere. */
    private static String askToRelay(RunningMta mta) throws IOException, InterruptedException {
        try (Socket socket = connect(mta.directory().port())) {
            BufferedReader in = reader(socket);
            in.readLine();
            say(socket, in, "HELO c.test");
            say(socket, in, "MAIL FROM:<me@c.test>");
            return say(socket, in, "RCPT TO:<you@elsewhere.test>");
        }
    }

    private static void awaitRefusal(RunningMta mta) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String answer = askToRelay(mta);
        while (!answer.equals(REFUSED) && System.nanoTime() - deadlineNs < 0) {
            TimeUnit.MILLISECONDS.sleep(200);
            answer = askToRelay(mta);
        }
        assertEquals(REFUSED, answer);
    }
}
