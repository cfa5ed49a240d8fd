// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** REQUIRETLS from a client over two of ours to Debian's Postfix, which does not know it: that far, and no farther. */
@Timeout(600)
class RequireTlsRelayIT {
    private static final long WAIT_S = 60;
    private static final Pattern STATUS = Pattern.compile(".*: to=<(\\S+)>,.* dsn=(\\S+), status=(\\w+) \\((.*)\\)");
    private static final String NOT_OFFERED =
            "bounced 5.7.30 REQUIRETLS support is required, but was not offered by host 127.0.0.1[127.0.0.1]";

    private Path parent;
    private Surroundings around;
    private int near;
    private int far;
    private int postfix;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(PostfixInstance.MASTER), "no Postfix");
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may run Postfix");
        Programs.require("unshare");
        parent = MtaDirectory.createParent(Path.of("/tmp"), "requiretls");
        around = Surroundings.open(List.of());
        List<Integer> ports = FreePorts.find(3);
        near = ports.get(0);
        far = ports.get(1);
        postfix = ports.get(2);
        for (String name : List.of("server.pem", "server.key", "ca.pem")) {
            Files.writeString(parent.resolve(name), TestCertificates.text(name));
        }
    }

    @AfterEach
    void delete() throws IOException {
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    private List<String> server(String name) {
        return List.of(
                "compatibility_level = 3.6",
                "myhostname = " + name + ".test",
                "mydestination =",
                "inet_interfaces = 127.0.0.1",
                "inet_protocols = ipv4",
                "mynetworks = 127.0.0.0/8",
                "smtpd_peername_lookup = no",
                "smtpd_tls_security_level = may",
                "smtpd_tls_cert_file = " + parent + "/server.pem",
                "smtpd_tls_key_file = " + parent + "/server.key");
    }

    private OurInstance ours(String name, int port, String... routes) throws Exception {
        List<String> mainCf = new ArrayList<>(server(name));
        mainCf.addAll(List.of(
                "requiretls_enable = yes",
                "smtp_requiretls_policy = enforce",
                "smtp_tls_security_level = secure",
                "smtp_tls_secure_cert_match = mx.b.test",
                "smtp_tls_CAfile = " + parent + "/ca.pem",
                "transport_maps = inline:{ {a.test = discard:} " + String.join(" ", routes) + " }"));
        return OurInstance.start(
                Files.createDirectory(parent.resolve(name)),
                mainCf,
                List.of("127.0.0.1:" + port + " inet n - n - - smtpd"),
                List.of(),
                around.nameServer());
    }

    private PostfixInstance theirs() throws Exception {
        List<String> mainCf = new ArrayList<>(server("postfix"));
        mainCf.add("transport_maps = inline:{ {far.test = discard:} {old.test = discard:} }");
        return PostfixInstance.start(
                Files.createDirectory(parent.resolve("postfix")),
                mainCf,
                List.of(
                        "127.0.0.1:" + postfix + " inet n - n - - smtpd",
                        "qmgr unix n - n 300 1 qmgr",
                        "bounce unix - - n - 0 bounce",
                        "defer unix - - n - 0 bounce",
                        "trace unix - - n - 0 bounce",
                        "error unix - - n - - error",
                        "retry unix - - n - - error",
                        "discard unix - - n - - discard",
                        "tlsmgr unix - - n 1000? 1 tlsmgr"),
                List.of(),
                around.nameServer(),
                postfix);
    }

    /** What the log says of a recipient. */
    private String outcome(String side, String recipient) throws Exception {
        Path log = parent.resolve(side).resolve("mail.log");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        do {
            for (String line : LogLines.of(log)) {
                Matcher status = STATUS.matcher(line);
                if (status.matches() && status.group(1).equals(recipient)) {
                    return status.group(3) + ' ' + status.group(2) + ' ' + status.group(4);
                }
            }
            TimeUnit.MILLISECONDS.sleep(50);
        } while (System.nanoTime() < deadline);
        return "nothing";
    }

    private void send(boolean requiresTls, String recipient) throws Exception {
        List<String> said = TlsDialogue.within(
                near,
                "EHLO c.test",
                "MAIL FROM:<s@a.test>" + (requiresTls ? " REQUIRETLS" : ""),
                "RCPT TO:<" + recipient + ">",
                "DATA",
                "Subject: x\r\n\r\nthe body\r\n.",
                "QUIT");
        assertTrue(said.toString().contains("queued as"), said.toString());
    }

    @Test
    @SuppressWarnings("try")
    void goesFromServerToServerAndNoFartherThanTheyKnowIt() throws Exception {
        try (PostfixInstance peer = theirs();
                OurInstance second = ours("far", far, "{far.test = smtp:[127.0.0.1]:" + postfix + "}");
                OurInstance first = ours(
                        "near",
                        near,
                        "{far.test = smtp:[127.0.0.1]:" + far + "}",
                        "{old.test = smtp:[127.0.0.1]:" + postfix + "}")) {
            send(true, "strict@old.test");
            send(false, "plain@old.test");
            send(true, "strict@far.test");
            send(false, "plain@far.test");
            assertEquals(NOT_OFFERED, outcome("near", "strict@old.test"));
            assertTrue(outcome("near", "plain@old.test").startsWith("sent 2.0.0 "));
            assertTrue(outcome("near", "strict@far.test").startsWith("sent 2.0.0 "));
            assertEquals(NOT_OFFERED, outcome("far", "strict@far.test"));
            assertTrue(outcome("far", "plain@far.test").startsWith("sent 2.0.0 "));
            assertEquals("sent 2.0.0 far.test", outcome("postfix", "plain@far.test"));
            assertEquals("sent 2.0.0 old.test", outcome("postfix", "plain@old.test"));
            assertFalse(Files.readString(parent.resolve("postfix/mail.log")).contains("strict@"));
            // The report goes to its sender, who is nowhere.
            assertTrue(outcome("far", "s@a.test").startsWith("sent 2.0.0 "));
        }
    }
}
