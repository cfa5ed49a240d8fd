// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Debian's policyd-spf as policy server, by the spawn row of its README, beside the same under Postfix: what it says of
 * clients is in the replies and in the header.
 */
@Timeout(600)
class PolicydSpfIT {
    private static final Path PROGRAM = Path.of("/usr/bin/policyd-spf");
    private static final long WAIT_S = 60;

    /** Client 127.0.0.1 may send for the first, and nobody for the others. */
    private static final List<String> RECORDS = List.of(
            "pass.test text v=spf1 ip4:127.0.0.0/8 -all",
            "fail.test text v=spf1 ip4:192.0.2.1 -all",
            "soft.test text v=spf1 ip4:192.0.2.1 ~all",
            "broken.test text v=spf1 ip4:nonsense -all",
            "none.test address 192.0.2.1");

    private static final List<String> DOMAINS =
            List.of("pass.test", "fail.test", "soft.test", "none.test", "broken.test", "gone.test");

    private static final List<String> MAIN_CF = List.of(
            "compatibility_level = 3.6",
            "mail_name = Postfix",
            "myhostname = mx.b.test",
            "mydestination = b.test",
            "local_recipient_maps =",
            "alias_maps =",
            "inet_interfaces = 127.0.0.1",
            "inet_protocols = ipv4",
            "mynetworks = 192.0.2.0/24",
            "smtpd_peername_lookup = no",
            "smtpd_recipient_restrictions = reject_unauth_destination, check_policy_service unix:private/policyd-spf",
            "policyd-spf_time_limit = 3600",
            "local_transport = smtp:[127.0.0.11]:%sink");

    private static final List<String> POSTFIX_ROWS =
            List.of("qmgr unix n - n 300 1 qmgr", "bounce unix - - n - 0 bounce", "smtp unix - - n - - smtp");

    private Path parent;
    private Surroundings around;
    private Path program;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("user.name")),
                "skipped: only root may run it as its own user, and Postfix");
        Programs.require(PROGRAM);
        Programs.require(PostfixInstance.MASTER);
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "spf");
        around = Surroundings.open(RECORDS);
        program = program();
    }

    /**
     * It asks the name server of the system, and finds nothing wrong with clients on loopback, unless it is told to: Python
     * gives it another resolver before it begins, and a file another configuration.
     */
    private Path program() throws IOException {
        Files.writeString(parent.resolve("sitecustomize.py"), """
            import dns.resolver
            dns.resolver.default_resolver = dns.resolver.Resolver(configure=False)
            dns.resolver.default_resolver.nameservers = ['%s']
            """.formatted(around.nameServer()));
        Path conf = Files.writeString(parent.resolve("policyd-spf.conf"), """
            debugLevel = 1
            TestOnly = 1
            HELO_reject = False
            Mail_From_reject = Fail
            PermError_reject = False
            TempError_Defer = False
            skip_addresses = 198.51.100.0/24
            """);
        Path script = Files.writeString(
                parent.resolve("policyd-spf"),
                "#!/bin/sh\nPYTHONPATH=" + parent + " exec " + PROGRAM + " " + conf + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    @AfterEach
    void close() throws IOException {
        if (around != null) {
            around.close();
            MtaDirectory.delete(parent);
        }
    }

    private List<String> mainCf(Path directory) {
        return MAIN_CF.stream().map(line -> around.expand(line, directory)).toList();
    }

    private List<String> row() {
        return List.of("policyd-spf unix - n n - 0 spawn", "  user=policyd-spf argv=" + program);
    }

    /** What comes of mail from each domain: refusals, and what arrives says in front of everything else. */
    private List<String> outcomes(int port) throws Exception {
        List<String> outcomes = new ArrayList<>();
        for (String domain : DOMAINS) {
            int before = around.sink().arrived().size();
            MailCase mail = new MailCase(
                    domain,
                    "127.0.0.1",
                    "s@" + domain,
                    List.of("u@b.test"),
                    List.of("From: s@" + domain, "Subject: x"),
                    List.of());
            HandedIn handedIn = HandedIn.send(mail, domain, port);
            outcomes.add(domain + ": " + handedIn.refusals());
            if (!handedIn.queueId().isEmpty()) {
                outcomes.add(arrived(before));
            }
        }
        return outcomes;
    }

    private String arrived(int before) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (around.sink().arrived().size() == before) {
            assertTrue(System.nanoTime() < deadline, "nothing has arrived");
            TimeUnit.MILLISECONDS.sleep(20);
        }
        List<String> header = around.sink().arrived().get(before).content();
        int received = 0;
        while (!header.get(received).startsWith("Received:")) {
            received++;
        }
        // Its field ends with a space, which we leave out.
        return String.join("\n", header.subList(0, received)).stripTrailing();
    }

    @SuppressWarnings("try")
    private List<String> ours() throws Exception {
        Path directory = Files.createDirectory(parent.resolve("ours"));
        int port = FreePorts.find();
        List<String> rows = new ArrayList<>(row());
        rows.add(Side.row(port, "smtpd", List.of()));
        try (TestDeputy deputy = TestDeputy.start(parent)) {
            List<String> main = new ArrayList<>(mainCf(directory));
            main.add(deputy.mainCf());
            try (OurInstance ours = OurInstance.start(directory, main, rows, List.of(), around.nameServer())) {
                return outcomes(port);
            }
        }
    }

    @SuppressWarnings("try")
    private List<String> postfix() throws Exception {
        Path directory = Files.createDirectory(parent.resolve("postfix"));
        int port = FreePorts.find();
        List<String> rows = new ArrayList<>(POSTFIX_ROWS);
        rows.addAll(row());
        rows.add(Side.row(port, "smtpd", List.of()));
        try (PostfixInstance postfix =
                PostfixInstance.start(directory, mainCf(directory), rows, List.of(), around.nameServer(), port)) {
            return outcomes(port);
        }
    }

    @Test
    void refusesAndMarksMailAsUnderPostfix() throws Exception {
        List<String> ours = ours();
        assertEquals(String.join("\n", postfix()), String.join("\n", ours));
        assertTrue(
                ours.get(0).equals("pass.test: []") && ours.get(1).startsWith("Received-SPF: Pass"),
                () -> String.join("\n", ours));
    }
}
