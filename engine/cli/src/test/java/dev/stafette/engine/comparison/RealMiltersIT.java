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
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Debian's rspamd, opendkim or both in the way of mail, by the lines of conf/README.md: spam is refused, and what is clean is signed, or
 * told whether its signatures hold.
 */
@Timeout(60)
class RealMiltersIT {
    private static final long WAIT_S = 20;

    /** What a filter of spam takes for it, so that it can be tested. */
    private static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private Path parent;
    private Surroundings around;
    private final List<Process> milters = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        Programs.require("opendkim");
        Programs.require("rspamd");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "opendkim");
        around = Surroundings.open(List.of());
    }

    @AfterEach
    void delete() throws IOException {
        milters.forEach(Process::destroy);
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    private int startOpendkim() throws Exception {
        int port = FreePorts.find(1).get(0);
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        KeyPair pair = keys.generateKeyPair();
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        Path key = parent.resolve("key.pem");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        // In the place of the DNS.
        Path published = Files.writeString(
                parent.resolve("published"),
                "s1._domainkey.a.test v=DKIM1; k=rsa; p="
                        + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()) + "\n");
        Path settings = Files.writeString(
                parent.resolve("opendkim.conf"),
                String.join(
                        "\n",
                        "Socket inet:" + port + "@127.0.0.1",
                        "Domain a.test",
                        "Selector s1",
                        "KeyFile " + key,
                        "Mode sv",
                        "AlwaysAddARHeader yes",
                        "TestPublicKeys " + published,
                        "RequireSafeKeys no",
                        "Syslog no",
                        ""));
        start(port, "opendkim", List.of("-f", "-x", settings.toString()));
        return port;
    }

    /** With no more of it than starts at once: no rules, no Redis, no questions to the DNS. */
    private int startRspamd() throws Exception {
        int port = FreePorts.find(1).get(0);
        Path own = Files.createDirectory(parent.resolve("rspamd"));
        Files.writeString(own.resolve("tld"), "test\n");
        Path settings = Files.writeString(
                own.resolve("rspamd.conf"),
                Files.readString(Path.of("src/test/resources/milter/rspamd.conf"))
                        .replace("%d", own.toString())
                        .replace("%p", String.valueOf(port)));
        start(port, "rspamd", List.of("-f", "-i", "-c", settings.toString()));
        return port;
    }

    private void start(int port, String name, List<String> words) throws Exception {
        List<String> line = new ArrayList<>(List.of(Programs.require(name).toString()));
        line.addAll(words);
        Path output = parent.resolve(name + ".out");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        milters.add(process);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
        throw new IOException("no " + name + ": " + Files.readString(output));
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

    /** What was delivered comes in again, from elsewhere; returns what is said of its signature. */
    private String verify(MailSink.Arrived mail, String from, String to, int port) throws Exception {
        List<String> header = mail.content().subList(0, mail.content().indexOf("")).stream()
                .map(line -> line.replace(from, to))
                .toList();
        int before = around.sink().arrived().size();
        HandedIn handedIn = HandedIn.send(
                new MailCase("", "127.0.0.7", "s@a.test", List.of("u@d.test"), header, List.of()), "again", port);
        assertEquals(List.of(), handedIn.refusals());
        return String.join("\n", await(before).content())
                .replaceFirst("(?s).*?(Authentication-Results:.*?)\n\\S.*", "$1");
    }

    private static List<String> message(String text) {
        return List.of(
                "EHLO c.test",
                "MAIL FROM:<s@a.test>",
                "RCPT TO:<u@d.test>",
                "DATA",
                "From: s@a.test\r\nSubject: x\r\n\r\n" + text + "\r\n.");
    }

    @Test
    @SuppressWarnings("try")
    void refusesSpamAndSignsAndVerifiesTheRest() throws Exception {
        int rspamd = startRspamd();
        int opendkim = startOpendkim();
        int port = FreePorts.find(1).get(0);
        Path directory = Files.createDirectories(parent.resolve("ours"));
        List<String> mainCf = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.a.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_peername_lookup = no",
                "smtpd_milters = inet:127.0.0.1:" + rspamd + ", inet:127.0.0.1:" + opendkim,
                "non_smtpd_milters = inet:127.0.0.1:" + opendkim,
                "milter_default_action = tempfail",
                around.expand("relayhost = [127.0.0.11]:%sink", parent)));
        List<String> rows = List.of(Side.row(port, "smtpd", List.of()), "pickup unix n - n 1 1 pickup");
        try (OurInstance ours = OurInstance.start(directory, mainCf, rows, List.of(), around.nameServer())) {
            List<String> refused = MilterComparisonIT.say(message(GTUBE), port);
            assertEquals(". → 554 5.7.1 Gtube pattern", refused.get(refused.size() - 1));
            List<String> said = MilterComparisonIT.say(message("hello"), port);
            assertTrue(said.get(said.size() - 1).contains("250 2.0.0 Ok: queued"), said::toString);
            MailSink.Arrived clean = await(0);
            checkSigned(clean);
            assertTrue(
                    clean.content().contains("X-Spamd-Bar: /")
                            && String.join("\n", clean.content()).contains("\nX-Rspamd-Server: "),
                    () -> String.join("\n", clean.content()));
            String pass = verify(clean, "Subject: x", "Subject: x", port);
            assertTrue(
                    pass.matches("(?s)Authentication-Results: mx\\.a\\.test;\\s+dkim=pass .*header\\.d=a\\.test.*"),
                    pass);
            String fail = verify(clean, "Subject: x", "Subject: y", port);
            assertTrue(fail.matches("(?s)Authentication-Results: mx\\.a\\.test;\\s+dkim=fail .*"), fail);
            int before = around.sink().arrived().size();
            PeerCommand handedIn = PeerCommand.runOurs(
                    "sendmail",
                    List.of("-C", directory.toString(), "-f", "s@a.test", "u@d.test"),
                    "From: s@a.test\nSubject: y\n\nhello\n");
            assertEquals(0, handedIn.exitCode(), handedIn.err());
            checkSigned(await(before));
        }
    }
}
