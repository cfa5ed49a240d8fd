// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Debian's rspamd, opendkim or both in the way of mail, by the lines of conf/README.md: spam is refused, and what is clean is signed, or
 * told whether its signatures hold. Beside opendkim we sign and verify as well: either reads the other's signatures.
 */
@Timeout(600)
class RealMiltersIT {
    private static final long WAIT_S = 60;

    /** What a filter of spam takes for it, so that it can be tested. */
    private static final String GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";

    private static final Pattern RESULT = Pattern.compile("dkim=(\\w+).*?header\\.s=(\\w+)");

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
    void delete() throws IOException, InterruptedException {
        milters.forEach(Process::destroy);
        // They write to the directory until they have ended.
        for (Process milter : milters) {
            if (!milter.waitFor(WAIT_S, TimeUnit.SECONDS)) {
                milter.destroyForcibly().waitFor();
            }
        }
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    /** A new key in a file; published where either looks. */
    private Path key(String selector, String algorithm) throws Exception {
        KeyPairGenerator keys = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("RSA")) {
            keys.initialize(2048);
        }
        KeyPair pair = keys.generateKeyPair();
        String pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        Path key = parent.resolve(selector + ".pem");
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        byte[] der = pair.getPublic().getEncoded();
        // RFC 8463 §4: 32 bytes without what is around them.
        byte[] shown = algorithm.equals("RSA") ? der : Arrays.copyOfRange(der, der.length - 32, der.length);
        publish(
                selector,
                "k=" + algorithm.toLowerCase(Locale.ROOT) + "; p="
                        + Base64.getEncoder().encodeToString(shown));
        return key;
    }

    private void publish(String selector, String key) throws IOException {
        String name = selector + "._domainkey.a.test";
        around.add(name + " text v=DKIM1; " + key);
        // In the place of the DNS.
        Files.writeString(
                parent.resolve("published"),
                name + " v=DKIM1; " + key + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private int startOpendkim() throws Exception {
        int port = FreePorts.find();
        Path settings = Files.writeString(
                parent.resolve("opendkim.conf"),
                String.join(
                        "\n",
                        "Socket inet:" + port + "@127.0.0.1",
                        "Domain a.test",
                        "Selector s1",
                        "KeyFile " + key("s1", "RSA"),
                        "Mode sv",
                        "Canonicalization relaxed/relaxed",
                        "AlwaysAddARHeader yes",
                        "TestPublicKeys " + parent.resolve("published"),
                        "RequireSafeKeys no",
                        "Syslog no",
                        ""));
        start(port, "opendkim", List.of("-f", "-x", settings.toString()));
        return port;
    }

    /** With no more of it than starts at once: no rules, no Redis, no questions to the DNS. */
    private int startRspamd() throws Exception {
        int port = FreePorts.find();
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

    /** What was delivered comes in again, from elsewhere; returns which signatures hold, for opendkim and for us. */
    private List<Map<String, Boolean>> verify(MailSink.Arrived mail, String from, String to, int port)
            throws Exception {
        List<String> header = mail.content().subList(0, mail.content().indexOf("")).stream()
                .map(line -> line.replace(from, to))
                .toList();
        int before = around.sink().arrived().size();
        HandedIn handedIn = HandedIn.send(
                new MailCase("", "127.0.0.7", "s@a.test", List.of("u@d.test"), header, List.of()), "again", port);
        assertEquals(List.of(), handedIn.refusals());
        String content = String.join("\n", await(before).content()).replaceAll("\n[ \t]+", " ");
        return List.of(results(content, "mx.a.test"), results(content, "ours.a.test"));
    }

    private static Map<String, Boolean> results(String content, String whose) {
        Map<String, Boolean> holds = new TreeMap<>();
        for (String field : content.split("\n")) {
            if (field.startsWith("Authentication-Results: " + whose + ";")) {
                Matcher result = RESULT.matcher(field);
                while (result.find()) {
                    holds.put(result.group(2), result.group(1).equals("pass"));
                }
            }
        }
        return holds;
    }

    /** Opendkim's signature, our Ed25519 one and our RSA one, which names that selector. */
    private static void assertBoth(boolean hold, String rsa, boolean rsaHolds, List<Map<String, Boolean>> results) {
        Map<String, Boolean> expected = new TreeMap<>(Map.of("s1", hold, "e1", hold, rsa, rsaHolds));
        assertEquals(List.of(expected, expected), results);
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
        publish("revoked", "k=rsa; p=");
        Path keys = Files.writeString(
                parent.resolve("keys"),
                "rsa a.test:o1:" + key("o1", "RSA") + "\ned a.test:e1:" + key("e1", "Ed25519") + "\n");
        int port = FreePorts.find();
        Path directory = Files.createDirectories(parent.resolve("ours"));
        List<String> mainCf = new ArrayList<>(List.of(
                "compatibility_level = 3.6",
                "myhostname = mx.a.test",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.1",
                "relay_domains = d.test",
                "dkim_key_table = " + keys,
                "smtpd_authentication_methods = dkim",
                "authentication_results_id = ours.a.test",
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
            assertBoth(true, "o1", true, verify(clean, "Subject: x", "subject:  x", port));
            assertBoth(false, "o1", false, verify(clean, "Subject: x", "Subject: y", port));
            assertBoth(false, "o1", false, verify(clean, "Subject: x", "From: x@a.test\r\nSubject: x", port));
            assertBoth(true, "revoked", false, verify(clean, "s=o1;", "s=revoked;", port));
            assertBoth(true, "gone", false, verify(clean, "s=o1;", "s=gone;", port));
            int changed = around.sink().arrived().size();
            MilterComparisonIT.say(message("hallo"), port);
            assertBoth(false, "o1", false, verify(await(changed), "", "", port));
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
