// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Addresses that are verified by asking a real server: the conversations of {@code verification/cases.txt} beside Debian's
 * Postfix, and what a client and the log see over a restart and with a server that hangs.
 *
 * <p>{@code -Dverification.record=DIRECTORY} asks Postfix anew and writes both files there.
 */
@Timeout(300)
class AddressVerificationIT {
    private static final String ROOM = "verification";
    private static final String RECORD = ROOM + ".record";
    private static final int CASES_MIN = 30;
    private static final int TRIES_MAX = 10;

    private Path parent;
    private CaseFile file;
    private Surroundings around;
    /** The client waits for the outcome of a probe. */
    private int port;
    /** It does not wait for long. */
    private int hastyPort;

    @BeforeEach
    void read() throws IOException {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), ROOM);
        file = CaseFile.read("/" + ROOM + "/cases.txt");
        around = Surroundings.open(file.names());
        List<Integer> ports = FreePorts.find(2);
        port = ports.get(0);
        hastyPort = ports.get(1);
    }

    @AfterEach
    void delete() throws IOException {
        around.close();
        if (!Boolean.getBoolean(ROOM + ".keep")) {
            MtaDirectory.delete(parent);
        }
    }

    private List<List<List<List<String>>>> askOurs() throws Exception {
        try (OurSide ours = OurSide.start(file, around, Files.createDirectory(parent.resolve("ours")))) {
            return ours.ask(file.blocks(), file.blocks().size());
        }
    }

    private List<List<List<List<String>>>> askPostfix() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        Path directory = Files.createDirectory(parent.resolve("postfix"));
        List<String> rows = RoutingComparisonIT.POSTFIX_MASTER_CF;
        try (PostfixSide postfix = PostfixSide.start(file, around, rows, directory)) {
            // Its clients sleep most of the time.
            return postfix.ask(file.blocks(), file.blocks().size());
        }
    }

    @Test
    void answersAsPostfixDid() throws Exception {
        Assumptions.assumeTrue(System.getProperty(RECORD) == null, "recording");
        assertTrue(
                file.blocks().stream().mapToInt(block -> block.cases().size()).sum() >= CASES_MIN);
        List<String> wrong =
                Differences.between(file, file.replies(), askOurs()).beside(ROOM);
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
        List<String> commands = around.callout().commands();
        assertEquals(
                0, commands.stream().filter(line -> line.startsWith("DATA")).count());
        assertEquals(
                List.of("MAIL FROM:<double-bounce@b.test>"),
                commands.stream()
                        .filter(line -> line.startsWith("MAIL"))
                        .distinct()
                        .toList());
        // Each was asked for once.
        List<String> asked =
                commands.stream().filter(line -> line.startsWith("RCPT")).toList();
        assertEquals(asked.stream().distinct().toList(), asked);
    }

    @Test
    void postfixSaysWhatIsRecorded() throws Exception {
        Assumptions.assumeTrue(System.getProperty(RECORD) == null, "recording");
        List<String> wrong =
                Differences.between(file, file.replies(), askPostfix()).lines();
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @Test
    void writesTheRecordWhenAsked() throws Exception {
        String directory = System.getProperty(RECORD);
        Assumptions.assumeTrue(directory != null, "only with -D" + RECORD + "=DIRECTORY");
        List<List<List<List<String>>>> theirs = askPostfix();
        Files.write(Path.of(directory, "cases.txt"), file.print(theirs));
        Differences.between(file, theirs, askOurs()).write(ROOM, Path.of(directory, "pending.txt"));
    }

    /** Ours with what all blocks have, and these lines. */
    private OurInstance start(String... lines) throws IOException {
        Path directory = Files.createDirectories(parent.resolve("ours"));
        List<String> main = new ArrayList<>(around.settings(file, directory));
        main.add("smtpd_recipient_restrictions = reject_unverified_recipient");
        main.addAll(List.of(lines));
        List<String> rows = List.of(
                Side.row(port, "smtpd", List.of()),
                Side.row(hastyPort, "smtpd", List.of("address_verify_poll_count = 3")));
        return OurInstance.start(directory, main, rows, List.of(), around.nameServer());
    }

    private static String ask(int port, String recipient) throws IOException {
        Case one =
                new Case(recipient, "127.0.0.7", List.of(new Case.Exchange("RCPT TO:<" + recipient + ">", List.of())));
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return String.join(" / ", CaseClient.ask(one, server).get(0));
    }

    private long askedCount(String recipient) {
        return around.callout().commands().stream()
                .filter(line -> line.equals("RCPT TO:<" + recipient + ">"))
                .count();
    }

    @Test
    @SuppressWarnings("try")
    void holdsOneSessionAloneWhileAServerHangs() throws Exception {
        try (OurInstance ours = start("address_verify_poll_delay = 2s")) {
            boolean isSeen = false;
            // Should the machine stand still until nobody waits any more, it is tried again.
            for (int i = 1; !isSeen; i++) {
                assertTrue(i <= TRIES_MAX);
                isSeen = isAnsweredMeanwhile("yes" + i + "@relay.test", "hang" + i + "@relay.test");
            }
        }
    }

    /** Whether one client was answered while the other was held. */
    private boolean isAnsweredMeanwhile(String one, String hanging) throws Exception {
        CompletableFuture<String> held = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(hastyPort, hanging);
            } catch (IOException e) {
                return e.toString();
            }
        });
        while (askedCount(hanging) == 0 && !held.isDone()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertEquals("250 2.1.5 Ok", ask(port, one));
        boolean isHeld = !held.isDone();
        assertEquals(
                "450 4.1.1 <" + hanging + ">: Recipient address rejected: unverified address: "
                        + "Address verification in progress",
                held.get());
        assertEquals(1, askedCount(hanging));
        return isHeld;
    }

    @Test
    @SuppressWarnings("try")
    void knowsAfterARestartWhatItHasFoundOut() throws Exception {
        String no = "450 4.1.1 <no@relay.test>: Recipient address rejected: unverified address: "
                + "host 127.0.0.1[127.0.0.1] said: 550 5.1.1 no such user (in reply to RCPT TO command)";
        Path entries = parent.resolve("ours/data/verify_cache.entries");
        try (OurInstance ours = start()) {
            assertEquals("250 2.1.5 Ok", ask(port, "yes@relay.test"));
            assertEquals(no, ask(port, "no@relay.test"));
            LogLines.await(
                    entries,
                    0,
                    lines -> LogLines.has(lines, "yes@relay.test\t0:") && LogLines.has(lines, "no@relay.test\t2:"));
        }
        // A crash may leave half a line.
        Files.writeString(entries, "torn@relay.te", StandardOpenOption.APPEND);
        try (OurInstance ours = start()) {
            assertEquals("250 2.1.5 Ok", ask(port, "yes@relay.test"));
            assertEquals(no, ask(port, "no@relay.test"));
            assertEquals(1, askedCount("yes@relay.test"));
            assertEquals(1, askedCount("no@relay.test"));
        }
        List<String> log = LogLines.await(
                parent.resolve("ours/mail.log"), 0, lines -> outcomes(lines).size() >= 2);
        assertEquals(
                List.of(
                        "smtp: to=<yes@relay.test>, relay=127.0.0.1[127.0.0.1]:PORT, dsn=2.1.5, status=deliverable"
                                + " (250 2.1.5 Ok)",
                        "smtp: to=<no@relay.test>, relay=127.0.0.1[127.0.0.1]:PORT, dsn=5.1.1, status=undeliverable"
                                + " (host 127.0.0.1[127.0.0.1] said: 550 5.1.1 no such user (in reply to RCPT TO"
                                + " command))"),
                outcomes(log));
        assertEquals(
                2,
                log.stream()
                        .filter(line -> line.contains("from=<double-bounce@b.test>"))
                        .count());
    }

    /** What the log says of probes, without what differs from time to time. */
    private List<String> outcomes(List<String> log) {
        return log.stream()
                .filter(line -> line.contains(": to=<"))
                .map(line -> line.replaceFirst("^.*postfix/([/\\w]+)\\[\\d+\\]: \\w+: ", "$1: ")
                        .replaceAll("(delay|delays|conn_use)=[^,]*, ", "")
                        .replace(":" + around.callout().port(), ":PORT"))
                .toList();
    }

    @Test
    @SuppressWarnings("try")
    void asksByRoutesOfTheirOwnAndNoMoreAtATimeThanAllowed() throws Exception {
        try (OurInstance ours = start(
                "relay_transport = smtp:[127.0.0.1]:1",
                "address_verify_relay_transport = smtp:[127.0.0.1]:"
                        + around.callout().port(),
                "address_verify_pending_request_limit = 1",
                "address_verify_sender = prober@b.test",
                "address_verify_sender_ttl = 100000",
                "address_verify_map =")) {
            assertEquals("250 2.1.5 Ok", ask(port, "yes@relay.test"));
            // The client hears of it before the probe is out of the queue.
            LogLines.await(parent.resolve("ours/mail.log"), 0, lines -> LogLines.has(lines, ": removed"));
            assertEquals(
                    "450 4.1.1 <hang@relay.test>: Recipient address rejected: unverified address: "
                            + "Address verification in progress",
                    ask(hastyPort, "hang@relay.test"));
            assertEquals(
                    "450 4.1.1 <yes2@relay.test>: Recipient address rejected: unverified address: "
                            + "Too many address verification requests",
                    ask(port, "yes2@relay.test"));
            assertEquals(
                    "250 2.1.5 Ok",
                    ask(
                            port,
                            around.callout().commands().stream()
                                    .filter(line -> line.startsWith("MAIL FROM:<prober"))
                                    .findFirst()
                                    .orElse("none")
                                    .replaceFirst("MAIL FROM:<(.*)>.*", "$1")));
        }
        assertTrue(!Files.exists(parent.resolve("ours/data")));
    }
}
