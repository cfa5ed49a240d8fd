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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The gateways of {@code conf/programs-master.cf} at two sites, with GnuPG: what one site encrypts the other decrypts, nobody
 * between them reads it, and what cannot be encrypted or decrypted stays where it is.
 */
@Timeout(600)
class EncryptionGatewayIT {
    private static final Path CONF =
            Path.of("..", "..", "conf").toAbsolutePath().normalize();
    private static final String SECRET = "the plan is secret";
    private static final long WAIT_S = 120;

    /** Two sites, and whoever has made a key that they get later. */
    private static final List<String> HOLDERS = List.of("a", "b", "late");

    private Path parent;
    private Surroundings around;
    private int portOfA;
    private int portOfB;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may run programs as others");
        Assumptions.assumeTrue(Files.isExecutable(Installation.script()), "no installation: mvn package makes it");
        Programs.require("gpg");
        Programs.require("setpriv");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "gateways");
        around = Surroundings.open(List.of());
        for (String holder : HOLDERS) {
            Files.createDirectory(parent.resolve(holder));
            Files.createDirectory(
                    Path.of(keys(holder)),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            run("chown", "nobody", keys(holder));
            // gpg would start one by itself, and not wait for long until it answers.
            asNobody("gpg-agent", "--homedir", keys(holder), "--daemon");
        }
        List<Integer> ports = FreePorts.find(2);
        portOfA = ports.get(0);
        portOfB = ports.get(1);
    }

    @AfterEach
    void delete() throws Exception {
        if (around == null) {
            return;
        }
        around.close();
        for (String site : HOLDERS) {
            run("gpgconf", "--homedir", keys(site), "--kill", "gpg-agent");
        }
        MtaDirectory.delete(parent);
    }

    private String keys(String site) {
        return parent.resolve("keys-" + site).toString();
    }

    private void run(String... words) throws Exception {
        Path output = parent.resolve("program.out");
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> String.join(" ", words));
    }

    /** As the account that runs the gateways. */
    private void asNobody(String... words) throws Exception {
        List<String> line =
                new ArrayList<>(List.of("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"));
        line.addAll(List.of(words));
        run(line.toArray(new String[0]));
    }

    private void gpg(String site, String... words) throws Exception {
        List<String> line = new ArrayList<>(List.of("gpg", "--homedir", keys(site), "--batch", "--quiet", "--yes"));
        line.addAll(List.of(words));
        asNobody(line.toArray(new String[0]));
    }

    private void makeKey(String holder) throws Exception {
        String name = holder + "@example.org";
        gpg(holder, "--passphrase", "", "--quick-generate-key", name, "future-default", "default", "never");
        gpg(holder, "--output", keys(holder) + "/public", "--export", name);
    }

    /** Of the sample. */
    private static String row(String name) throws IOException {
        String all = Files.readString(CONF.resolve("programs-master.cf"));
        int start = all.indexOf("\n" + name + " unix ") + 1;
        String row = all.substring(start, all.indexOf("\n\n", start) + 1);
        return row.replace("user=gateway", "user=nobody").replace("/etc/stafette", CONF.toString());
    }

    private OurInstance site(String name, int port, String relay, String filter, TestDeputy deputy) throws Exception {
        Path directory = parent.resolve(name);
        List<String> mainCf = List.of(
                "compatibility_level = 3.6",
                "myhostname = " + name + ".test",
                "mydestination =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_peername_lookup = no",
                "setgid_group = no-such-group",
                "minimal_backoff_time = 1s",
                "maximal_backoff_time = 1s",
                "queue_run_delay = 1s",
                "relayhost = " + relay,
                "export_environment = MAIL_CONFIG SENDMAIL="
                        + Installation.script().resolveSibling("sendmail") + " GNUPGHOME=" + keys(name),
                deputy.mainCf());
        return OurInstance.start(
                directory,
                mainCf,
                List.of(
                        Side.row(port, "smtpd", List.of("content_filter=" + filter)),
                        "pickup unix n - n 1 1 pickup",
                        row("encrypt"),
                        row("decrypt")),
                List.of(),
                around.nameServer());
    }

    private static void send(int port, String text) throws IOException {
        List<String> said = MilterComparisonIT.say(
                List.of(
                        "EHLO c.test",
                        "MAIL FROM:<s@a.test>",
                        "RCPT TO:<u@b.test>",
                        "RCPT TO:<v@b.test>",
                        "DATA",
                        "From: s@a.test\r\n"
                                + "Subject: x\r\n"
                                + "MIME-Version: 1.0\r\n"
                                + "Content-Type: text/plain;\r\n"
                                + " charset=utf-8\r\n\r\n"
                                + text + "\r\n..dot\r\n."),
                port);
        assertTrue(said.get(said.size() - 1).contains("250 2.0.0 Ok: queued"), said::toString);
    }

    private MailSink.Arrived await() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (around.sink().arrived().isEmpty()) {
            assertTrue(System.nanoTime() < deadline, () -> "nothing has arrived\n" + log("a") + log("b"));
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return around.sink().arrived().get(0);
    }

    private String log(String site) {
        try {
            return String.join("\n", LogLines.of(parent.resolve(site).resolve("mail.log")));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** {@code text}: a regular expression. */
    private void awaitLog(String site, String text) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (!Pattern.compile(text).matcher(log(site)).find()) {
            assertTrue(System.nanoTime() < deadline, () -> text + "\n" + log("a") + log("b"));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void check(MailSink.Arrived mail, String text) {
        String whole = String.join("\n", mail.content());
        assertEquals(List.of("<u@b.test>", "<v@b.test>"), mail.recipients());
        assertTrue(
                whole.contains("\nSubject: x\n") && whole.contains("Content-Type: text/plain;\n charset=utf-8\n"),
                whole);
        assertTrue(whole.endsWith("\n\n" + text + "\n..dot"), whole);
        assertFalse(whole.contains("PGP"), whole);
    }

    @Test
    @SuppressWarnings("try")
    void mailPassesBetweenTwoSitesUnread() throws Exception {
        makeKey("b");
        gpg("a", "--import", keys("b") + "/public");
        try (TestDeputy deputy = TestDeputy.start(parent);
                Wire wire = new Wire(portOfB);
                OurInstance b = site("b", portOfB, around.expand("[127.0.0.11]:%sink", parent), "decrypt:", deputy);
                OurInstance a = site("a", portOfA, "[127.0.0.1]:" + wire.port(), "encrypt:b@example.org", deputy)) {
            send(portOfA, SECRET);
            check(await(), SECRET);
            assertTrue(wire.passed().contains("-----BEGIN PGP MESSAGE-----"), wire::passed);
            assertFalse(wire.passed().contains("secret"), wire::passed);
        }
    }

    /** Longer than all tests together have time for: {@code -Dlong.gateways=true} runs it. */
    @Test
    @SuppressWarnings("try")
    void mailWaitsAtEachSiteForItsKey() throws Exception {
        Assumptions.assumeTrue(Boolean.getBoolean("long.gateways"), "-Dlong.gateways=true runs it");
        makeKey("late");
        gpg("late", "--output", keys("late") + "/secret", "--export-secret-keys", "late@example.org");
        try (TestDeputy deputy = TestDeputy.start(parent);
                Wire wire = new Wire(portOfB);
                OurInstance b = site("b", portOfB, around.expand("[127.0.0.11]:%sink", parent), "decrypt:", deputy);
                OurInstance a = site("a", portOfA, "[127.0.0.1]:" + wire.port(), "encrypt:late@example.org", deputy)) {
            send(portOfA, SECRET);
            awaitLog("a", "relay=encrypt, .*status=deferred");
            assertEquals("", wire.passed());
            gpg("a", "--import", keys("late") + "/public");
            awaitLog("b", "relay=decrypt, .*status=deferred");
            assertEquals(0, around.sink().arrived().size());
            gpg("b", "--import", keys("late") + "/secret");
            check(await(), SECRET);
            assertFalse(wire.passed().contains("secret"), wire::passed);
            assertEquals(1, around.sink().arrived().size());
        }
    }
}
