// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.PeerCommand;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Debian's opendkim signs mail of clients, and mail of local programs, by the lines of conf/README.md. */
@Timeout(60)
class SigningMilterIT {
    private static final long WAIT_S = 20;

    private Path parent;
    private Surroundings around;
    private Process opendkim;

    @BeforeEach
    void open() throws IOException {
        Programs.require("opendkim");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "opendkim");
        around = Surroundings.open(List.of());
    }

    @AfterEach
    void delete() throws IOException {
        if (opendkim != null) {
            opendkim.destroy();
        }
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    private int startOpendkim() throws Exception {
        int port = FreePorts.find(1).get(0);
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
        Path key = parent.resolve("key.pem");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        Path settings = Files.writeString(
                parent.resolve("opendkim.conf"),
                String.join(
                        "\n",
                        "Socket inet:" + port + "@127.0.0.1",
                        "Domain a.test",
                        "Selector s1",
                        "KeyFile " + key,
                        "Mode s",
                        "RequireSafeKeys no",
                        "Syslog no",
                        ""));
        opendkim = new ProcessBuilder(Programs.require("opendkim").toString(), "-f", "-x", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(parent.resolve("opendkim.out").toFile())
                .start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (System.nanoTime() < deadline && opendkim.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("no opendkim: " + Files.readString(parent.resolve("opendkim.out")));
    }

    private MailSink.Arrived await(int before) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (around.sink().arrived().size() == before) {
            assertTrue(System.nanoTime() < deadline, "nothing has arrived");
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return around.sink().arrived().get(before);
    }

    private static void checkSigned(MailSink.Arrived mail) {
        String first = mail.content().get(0);
        assertTrue(first.startsWith("DKIM-Signature: v=1; a=rsa-sha256;"), () -> String.join("\n", mail.content()));
        assertTrue(String.join("", mail.content()).contains("d=a.test; s=s1;"));
        assertEquals("hello", mail.content().get(mail.content().size() - 1));
    }

    @Test
    @SuppressWarnings("try")
    void signsMailOfClientsAndOfLocalPrograms() throws Exception {
        int milter = startOpendkim();
        int port = FreePorts.find(1).get(0);
        Path directory = Files.createDirectories(parent.resolve("ours"));
        List<String> mainCf = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.a.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "smtpd_peername_lookup = no",
                "smtpd_milters = inet:127.0.0.1:" + milter,
                "non_smtpd_milters = $smtpd_milters",
                "milter_default_action = tempfail",
                around.expand("relayhost = [127.0.0.11]:%sink", parent)));
        List<String> rows = List.of(Side.row(port, "smtpd", List.of()), "pickup unix n - n 1 1 pickup");
        try (OurInstance ours = OurInstance.start(directory, mainCf, rows, List.of(), around.nameServer())) {
            List<String> said = MilterComparisonIT.say(
                    List.of(
                            "EHLO c.test",
                            "MAIL FROM:<s@a.test>",
                            "RCPT TO:<u@d.test>",
                            "DATA",
                            "From: s@a.test\r\nSubject: x\r\n\r\nhello\r\n."),
                    port);
            assertTrue(said.get(said.size() - 1).contains("250 2.0.0 Ok: queued"), said::toString);
            checkSigned(await(0));
            PeerCommand handedIn = PeerCommand.runOurs(
                    "sendmail",
                    List.of("-C", directory.toString(), "-f", "s@a.test", "u@d.test"),
                    "From: s@a.test\nSubject: y\n\nhello\n");
            assertEquals(0, handedIn.exitCode(), handedIn.err());
            checkSigned(await(1));
        }
    }
}
