// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.FreePorts;
import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

/** Mail leaves for Debian's Postfix, which takes it, cannot deliver it, and sends a bounce back. */
@Timeout(600)
class ReturnedBouncesIT {
    private static final long WAIT_S = 60;

    private Path parent;
    private int ours;
    private int refusing;
    private int theirs;

    @BeforeEach
    void open() throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may start Postfix's master");
        Programs.require(PostfixInstance.MASTER);
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "returned");
        List<Integer> ports = FreePorts.find(3);
        ours = ports.get(0);
        refusing = ports.get(1);
        theirs = ports.get(2);
    }

    @AfterEach
    void close() throws IOException {
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    private OurInstance startOurs() throws IOException {
        Path directory = Files.createDirectory(parent.resolve("ours"));
        Files.writeString(directory.resolve("keys"), "k MDEyMzQ1Njc4OWFiY2RlZg==\n");
        return OurInstance.start(
                directory,
                List.of(
                        "compatibility_level = 3.6",
                        "myhostname = mx.a.test",
                        "mydestination = a.test",
                        "inet_interfaces = 127.0.0.1",
                        "inet_protocols = ipv4",
                        "mynetworks = 127.0.0.0/8",
                        "smtpd_peername_lookup = no",
                        "local_recipient_maps = inline:{ bob=x }",
                        "alias_maps =",
                        "transport_maps = inline:{ { b.test = smtp:[127.0.0.1]:" + theirs
                                + " }, { c.test = smtp:[127.0.0.1]:" + refusing + " } }",
                        "event_log = " + directory.resolve("events"),
                        "return_address_key_file = " + directory.resolve("keys"),
                        "return_address_senders = a.test",
                        "feedback_addresses = bounces@a.test",
                        "tenant_header_field = X-Tenant",
                        "campaign_header_field = X-Campaign"),
                List.of(
                        "127.0.0.1:" + ours + " inet n - n - - smtpd",
                        "127.0.0.1:" + refusing + " inet n - n - - smtpd",
                        "    -o { smtpd_recipient_restrictions = check_recipient_access inline:{ { ann@b.test = 552"
                                + " 5.2.2 mailbox full } }, reject }"),
                List.of(),
                "127.0.0.1");
    }

    private PostfixInstance startTheirs() throws IOException, InterruptedException {
        Path directory = Files.createDirectory(parent.resolve("theirs"));
        List<String> rows = new ArrayList<>(List.of("127.0.0.1:" + theirs + " inet n - n - - smtpd"));
        rows.addAll(PostfixInstance.DELIVERY_ROWS);
        return PostfixInstance.start(
                directory,
                List.of(
                        "compatibility_level = 3.6",
                        "myhostname = mx.b.test",
                        "mydestination =",
                        "inet_interfaces = 127.0.0.1",
                        "inet_protocols = ipv4",
                        "mynetworks = 127.0.0.0/8",
                        "smtpd_peername_lookup = no",
                        "relay_domains = b.test",
                        "transport_maps = inline:{ { b.test = smtp:[127.0.0.1]:" + refusing
                                + " }, { a.test = smtp:[127.0.0.1]:" + ours + " } }"),
                rows,
                List.of(),
                "127.0.0.1",
                theirs);
    }

    private List<String> converse(String... lines) throws IOException {
        List<String> replies = new ArrayList<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), ours)) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
            for (String line : lines) {
                socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
                replies.add(in.readLine());
            }
        }
        return replies;
    }

    /** Lines of the event log that are of that kind, when there are enough. */
    private List<String> events(String kind, int count) throws IOException, InterruptedException {
        Path file = parent.resolve("ours/events");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        List<String> found = List.of();
        while (found.size() < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            found = LogLines.of(file).stream()
                    .filter(line -> line.startsWith("{\"event\": \"" + kind + "\""))
                    .toList();
        }
        assertEquals(count, found.size(), Files.exists(file) ? Files.readString(file) : "no events");
        return found;
    }

    /** As Postfix has logged it. */
    private String senderUnderSeal() throws IOException, InterruptedException {
        Pattern sender = Pattern.compile("from=<(bounces\\+rt[^@>]*\\+ann=b\\.test@a\\.test)>");
        Path log = parent.resolve("theirs/mail.log");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (System.nanoTime() < deadline) {
            for (String line : LogLines.of(log)) {
                Matcher found = sender.matcher(line);
                if (found.find()) {
                    return found.group(1);
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IOException("no sender under a seal in " + LogLines.of(log));
    }

    private static void assertHas(String event, String... fields) {
        for (String field : fields) {
            assertTrue(event.contains(field), field + " in " + event);
        }
    }

    @Test
    @SuppressWarnings("try")
    void saysWhoseMessageItWasThatComesBack() throws IOException, InterruptedException {
        try (OurInstance mta = startOurs();
                PostfixInstance postfix = startTheirs()) {
            List<String> replies = converse(
                    "HELO c.test",
                    "MAIL FROM:<bounces@a.test>",
                    "RCPT TO:<ann@b.test>",
                    "RCPT TO:<carl@c.test>",
                    "DATA",
                    "From: news@a.test\r\nX-Tenant: acme\r\nX-Campaign: fall\r\nSubject: news\r\n\r\ntext\r\n.",
                    "QUIT");
            assertTrue(replies.get(5).startsWith("250 "), replies.toString());

            assertHas(events("delivered", 1).get(0), "\"recipient\": \"ann@b.test\"", "\"tenant\": \"acme\"");
            assertHas(
                    events("bounced", 1).get(0),
                    "\"recipient\": \"carl@c.test\"",
                    "\"sender\": \"bounces@a.test\"",
                    "\"campaign\": \"fall\"",
                    "\"class\": \"policy\"");
            assertHas(
                    events("bounced-async", 1).get(0),
                    "\"original_recipient\": \"ann@b.test\", \"recipient_source\": \"seal\", \"verified\": true,",
                    "\"tenant\": \"acme\", \"campaign\": \"fall\"",
                    "\"class\": \"quota\"",
                    "\"reporter\": \"dns; mx.b.test\"");

            // What Postfix has got is an address that no table of ours has, and a forger's is not.
            String sent = senderUnderSeal();
            replies = converse(
                    "HELO b.test",
                    "MAIL FROM:<>",
                    "RCPT TO:<" + sent + ">",
                    "RCPT TO:<" + sent.replace("ann", "bob") + ">",
                    "RCPT TO:<bounces+bob=b.test@a.test>",
                    "RCPT TO:<nobody@a.test>",
                    "QUIT");
            assertEquals(
                    List.of("250", "550 5.7.1", "250", "550 5.1.1"),
                    replies.subList(2, 6).stream()
                            .map(line -> line.startsWith("250") ? "250" : line.substring(0, 9))
                            .toList(),
                    replies.toString());
        }
        String log = Files.readString(parent.resolve("ours/mail.log"));
        assertTrue(
                Pattern.compile("postfix/feedback\\[\\d+\\]: \\w+: to=<bounces\\+rt.*>, bounced-async of=<ann@b.test>,"
                                + " id=\\w+, tenant=acme, campaign=fall, class=quota")
                        .matcher(log)
                        .find(),
                log);
    }
}
