// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.peers.Program.Outcome;
import dev.stafette.engine.peers.SmtpSink.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The virtual domains of an ISP, with a real client and a real server behind: the style of 2000, where a row of virtual_maps
 * declares the domain, and that of today, with lists of domains (VIRTUAL_README).
 */
@Timeout(600)
class VirtualDomainsIT {
    private static PeerRelay relay;

    @BeforeAll
    static void start() throws Exception {
        Programs.require("swaks");
        relay = PeerRelay.start("virtual", VirtualDomainsIT::mainCf);
    }

    private static List<String> mainCf(Path parent, int sinkPort) throws IOException {
        Path old = Files.write(
                parent.resolve("virtual"),
                List.of(
                        "# The domain itself, by a row with anything behind it.",
                        "old.test          anything",
                        "postmaster@old.test  postmaster",
                        "info@old.test     joe@site.test, jane@site.test",
                        "joe@old.test      joe",
                        "sales@old.test    info@old.test",
                        "catch.test        anything",
                        "@catch.test       all@site.test"));
        Path today = Files.write(
                parent.resolve("aliases"),
                List.of("info@new.test    box@box.test", "loop@new.test    loop@new.test, joe@site.test"));
        Path boxes = Files.write(parent.resolve("boxes"), List.of("box@box.test box.test/box/"));
        return List.of(
                "mydestination = here.test",
                "myorigin = here.test",
                "mynetworks = 192.0.2.0/24",
                "recipient_delimiter = +",
                "local_recipient_maps =",
                "virtual_maps = texthash:" + old,
                "virtual_alias_maps = $virtual_maps, texthash:" + today,
                "virtual_alias_domains = $virtual_alias_maps, new.test",
                "virtual_mailbox_domains = box.test",
                "virtual_mailbox_maps = texthash:" + boxes,
                "virtual_transport = smtp:[127.0.0.1]:" + sinkPort,
                "local_transport = smtp:[127.0.0.1]:" + sinkPort,
                "relayhost = [127.0.0.1]:" + sinkPort,
                "smtpd_error_sleep_time = 0");
    }

    @AfterAll
    static void stop() throws Exception {
        if (relay != null) {
            relay.close();
        }
    }

    private static Outcome send(String recipient) throws Exception {
        return Program.run(
                relay.parent(),
                List.of(
                        Programs.require("swaks").toString(),
                        "--server",
                        relay.server(),
                        "--ehlo",
                        "client.test",
                        "--from",
                        "a@a.test",
                        "--to",
                        recipient,
                        "--header",
                        "Subject: to " + recipient));
    }

    /** Who got the message, in whatever transactions, when it is so many. */
    private static String arrived(String recipient, int count) throws Exception {
        Outcome sent = send(recipient);
        assertEquals(0, sent.exitCode(), sent.text());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        TreeSet<String> all = new TreeSet<>();
        while (all.size() < count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            for (Transaction one : relay.sink().transactions()) {
                if (one.isWhole() && one.text().contains("Subject: to " + recipient)) {
                    all.addAll(one.arguments("Rcpt"));
                }
            }
        }
        return String.join(" ", all);
    }

    private static String refusal(String recipient) throws Exception {
        Outcome refused = send(recipient);
        assertEquals(24, refused.exitCode(), refused.text());
        return refused.text()
                .lines()
                .filter(line -> line.contains("<** "))
                .findFirst()
                .orElse("")
                .strip();
    }

    @Test
    void servesDomainsInTheStyleOf2000() throws Exception {
        assertEquals("<jane@site.test> <joe@site.test>", arrived("info@old.test", 2));
        assertEquals("<jane+x@site.test> <joe+x@site.test>", arrived("sales+x@old.test", 2));
        assertEquals("<all@site.test>", arrived("whoever@catch.test", 1));
        assertEquals("<joe@here.test>", arrived("joe@old.test", 1));
        assertEquals(
                "<** 550 5.1.1 <nobody@old.test>: Recipient address rejected: User unknown in virtual alias table",
                refusal("nobody@old.test"));
    }

    @Test
    void servesDomainsInTheStyleOfToday() throws Exception {
        assertEquals("<box@box.test>", arrived("info@new.test", 1));
        assertEquals("<box+x@box.test>", arrived("box+x@box.test", 1));
        assertEquals(
                "<** 550 5.1.1 <nobody@new.test>: Recipient address rejected: User unknown in virtual alias table",
                refusal("nobody@new.test"));
        assertEquals(
                "<** 550 5.1.1 <nobody@box.test>: Recipient address rejected: User unknown in virtual mailbox table",
                refusal("nobody@box.test"));
        assertEquals("<** 454 4.7.1 <u@elsewhere.test>: Relay access denied", refusal("u@elsewhere.test"));
    }
}
