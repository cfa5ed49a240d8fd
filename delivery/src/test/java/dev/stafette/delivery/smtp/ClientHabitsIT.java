// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.smtp.FakeSite.Wire;
import dev.stafette.delivery.smtp.PixWorkarounds.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the client does otherwise only where it is told to. */
@Timeout(120)
class ClientHabitsIT {
    private static final String MASKED = "220 **************0*2******";

    private static ClientHabits knowing(ServerBook servers) {
        return TestHabits.usualBut(habits -> {
            habits.servers = servers;
            habits.pixDelay = Duration.ofMillis(300);
        });
    }

    private static ServerBook known(int hidden, Kind... workarounds) {
        ServerTraits traits =
                new ServerTraits(hidden, hidden == 0 ? "" : "WORDS", new PixWorkarounds(Set.of(workarounds)));
        return (loop, address, then) -> loop.execute(() -> then.accept(traits));
    }

    private static Courier courier(ClientHabits habits) {
        return new Courier(Courier.settings().withHabits(habits), Courier.routes());
    }

    private static String sent(Courier courier, FakeSite site) throws Exception {
        return Courier.show(
                Courier.await(courier.send("[127.0.0.1]:" + site.port())).outcomes()[0]);
    }

    /** A transaction with replies one by one. */
    private static void serve(Wire wire, String mail) throws IOException {
        wire.expect(mail);
        wire.reply("250 ok");
        wire.expect("RCPT TO:<u@b.test>");
        wire.reply("250 ok");
        wire.expect("DATA");
        wire.reply("354 go");
    }

    @Test
    void doesNotTakeUpWhatIsHidden() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply("220 mx.test ESMTP");
                    wire.expect("EHLO relay.test");
                    wire.reply("250-mx.test");
                    wire.reply("250-PIPELINING");
                    wire.reply("250 SIZE 1");
                    serve(wire, "MAIL FROM:<a@a.test>");
                    wire.readContent();
                    wire.reply("250 2.0.0 ok");
                });
                Courier courier = courier(knowing(known(EhloCapabilities.PIPELINING | EhloCapabilities.SIZE)))) {
            assertEquals("sent 2.0.0 250 2.0.0 ok", sent(courier, site));
            assertEquals(List.of("discarding EHLO keywords: WORDS"), courier.log);
        }
    }

    @Test
    void defersWhereNobodyCanTellWhatIsHidden() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply("220 mx.test ESMTP");
                    wire.expect("QUIT");
                });
                Courier courier = courier(knowing((loop, address, then) -> then.accept(null)))) {
            assertEquals("deferred 4.3.0 local data error while talking to 127.0.0.1[127.0.0.1]", sent(courier, site));
        }
    }

    @Test
    void asksNoExtensionsBehindAFirewallThatMasksThem() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply(MASKED);
                    wire.expect("HELO relay.test");
                    wire.reply("250 mx.test");
                    serve(wire, "MAIL FROM:<a@a.test>");
                    wire.readContent();
                    wire.reply("250 2.0.0 ok");
                });
                Courier courier = courier(ClientHabits.USUAL)) {
            assertEquals("sent 2.0.0 250 2.0.0 ok", sent(courier, site));
            assertEquals(
                    List.of("enabling PIX workarounds: disable_esmtp for 127.0.0.1[127.0.0.1]:" + site.port()),
                    courier.log);
        }
    }

    @Test
    void sendsTheDotByItselfWhereOldMailWaitsBehindSuchAFirewall() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply(MASKED);
                    wire.expect("EHLO relay.test");
                    wire.reply("250 mx.test");
                    wire.expect("MAIL FROM:<a@a.test>");
                    wire.reply("250 ok");
                    wire.expect("RCPT TO:<u@b.test>");
                    wire.reply("250 ok");
                    wire.expect("DATA");
                    // Before the content is sent: when it is read here, the dot may have come, too.
                    long beforeNs = System.nanoTime();
                    wire.reply("354 go");
                    wire.expect("Subject: x");
                    wire.expect("");
                    wire.expect("hello");
                    wire.expect(".");
                    if (System.nanoTime() - beforeNs < TimeUnit.MILLISECONDS.toNanos(150)) {
                        throw new FakeSite.Mismatch("the dot came with the content");
                    }
                    wire.reply("250 2.0.0 ok");
                });
                Courier courier = courier(knowing(known(0, Kind.DELAY_DOTCRLF)))) {
            courier.arrivalMs(0);
            assertEquals("sent 2.0.0 250 2.0.0 ok", sent(courier, site));
            site.verify();
            assertTrue(courier.log.get(0).contains("delay_dotcrlf"), courier.log.toString());
        }
    }

    @Test
    void takesLinesOfRepliesForWhatTheFilterMakesOfThem() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply("220 mx.test ESMTP");
                    wire.expect("EHLO relay.test");
                    wire.reply("250-mx.test");
                    wire.reply("250 PIPELINING");
                    serve(wire, "MAIL FROM:<a@a.test>");
                    wire.readContent();
                    wire.reply("250-2.0.0 first");
                    wire.reply("250 2.0.0 taken");
                });
                Courier courier = courier(TestHabits.usualBut(
                        habits -> habits.replyFilter = (relay, line) -> line.equals("250 PIPELINING")
                                ? "250 X-NOTHING"
                                : line.equals("250 2.0.0 taken") ? "450 4.9.9 not taken, whatever it says" : line))) {
            assertEquals(
                    "deferred 4.9.9 host 127.0.0.1[127.0.0.1] said: 250-2.0.0 first 450 4.9.9 not taken,"
                            + " whatever it says (in reply to end of DATA command)",
                    sent(courier, site));
        }
    }

    @Test
    void keepsSessionsOfSomeDestinationsOnly() throws Exception {
        for (boolean isKept : List.of(true, false)) {
            try (FakeSite site = FakeSite.always("127.0.0.1", 0, wire -> wire.serve(""));
                    Courier courier = courier(TestHabits.usualBut(
                            habits -> habits.keptDestinations = hop -> isKept == hop.startsWith("[127")))) {
                sent(courier, site);
                sent(courier, site);
                assertEquals(isKept ? 1 : 2, site.connectionCount());
            }
        }
    }

    @Test
    void writesAddressesWithoutQuotesAndSaysThatNobodyHasLoggedIn() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply("220 mx.test ESMTP");
                    wire.expect("EHLO relay.test");
                    wire.reply("250-mx.test");
                    wire.reply("250 AUTH PLAIN");
                    wire.expect("MAIL FROM:<a b@a.test> AUTH=<>");
                    wire.reply("550 5.0.0 no");
                });
                Courier courier = courier(TestHabits.usualBut(habits -> {
                    habits.quotesAddresses = false;
                    habits.sendsDummyAuth = true;
                }))) {
            Envelope envelope = Courier.envelope("a b@a.test", "u@b.test");
            DeliveryOutcome outcome = Courier.await(
                            courier.send("[127.0.0.1]:" + site.port(), envelope, FileBody.of("x\n")))
                    .outcomes()[0];
            assertEquals("bounced", Courier.show(outcome).split(" ")[0]);
        }
    }

    @Test
    void asksForRecipientsWithDataToo() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply("220 mx.test ESMTP");
                    wire.expect("EHLO relay.test");
                    wire.reply("250 mx.test");
                    serve(wire, "MAIL FROM:<a@a.test>");
                    wire.expectClose();
                });
                Courier courier = courier(TestHabits.usualBut(habits -> habits.asksAtData = true))) {
            Envelope envelope = Courier.envelope(TraceMode.VERIFY, "a@a.test", "u@b.test");
            DeliveryOutcome outcome = Courier.await(
                            courier.send("[127.0.0.1]:" + site.port(), envelope, FileBody.of("x\n")))
                    .outcomes()[0];
            assertEquals("sent 2.0.0 354 go", Courier.show(outcome));
            site.verify();
        }
    }

    @Test
    void connectsFromAnotherAddressWhereItsOwnCannotBeHadUnlessThatIsAMust() throws Exception {
        List<Integer> ports = Collections.synchronizedList(new ArrayList<>());
        for (boolean isMust : List.of(true, false)) {
            SmtpClientSettings usual = Courier.settings();
            ClientHabits habits = TestHabits.usualBut(unlike -> {
                unlike.bindsOrFails = isMust;
                unlike.onPort = ports::add;
            });
            SmtpClientSettings settings = new SmtpClientSettings(
                            usual.myHostname(),
                            usual.heloName(),
                            usual.helloMode(),
                            true,
                            25,
                            2,
                            SmtpClientSettings.LINE_BYTES_MAX,
                            true,
                            InetAddress.getByName("192.0.2.77"),
                            null,
                            usual.timeouts(),
                            usual.reuse())
                    .withHabits(habits);
            for (boolean epoll : List.of(true, false)) {
                try (FakeSite site = FakeSite.always("127.0.0.1", 0, wire -> wire.serve(""));
                        Courier courier = new Courier(settings, Courier.routes(), epoll)) {
                    String outcome = sent(courier, site);
                    assertEquals(
                            isMust ? "deferred 4.4.0 server configuration error" : "sent",
                            isMust ? outcome : outcome.split(" ")[0]);
                    assertEquals("warning: bind 192.0.2.77: Cannot assign requested address", courier.log.get(0));
                    assertEquals(site.port(), ports.get(ports.size() - 1));
                }
            }
        }
    }

    @Test
    void givesContentAsMuchTimeAsItsRateNeeds() throws Exception {
        try (FakeSite site = FakeSite.on("127.0.0.1", 0, wire -> {
                    wire.reply("220 mx.test ESMTP");
                    wire.expect("EHLO relay.test");
                    wire.reply("250 mx.test");
                    serve(wire, "MAIL FROM:<a@a.test>");
                    // Slower than is asked for, and never at rest.
                    try {
                        while (true) {
                            wire.read(10_000);
                            TimeUnit.MILLISECONDS.sleep(20);
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Courier courier = new Courier(
                        Courier.impatientWithContent(Duration.ofMillis(200))
                                .withHabits(TestHabits.usualBut(habits -> habits.dataRateMin = 100_000_000)),
                        Courier.routes())) {
            Envelope envelope = Courier.envelope("a@a.test", "u@b.test");
            String content = "0123456789012345678901234567890123456789012345678901234567890123456789\n".repeat(400_000);
            DeliveryOutcome outcome = Courier.await(
                            courier.send("[127.0.0.1]:" + site.port(), envelope, FileBody.of(content)))
                    .outcomes()[0];
            assertEquals(
                    "deferred 4.4.2 conversation with 127.0.0.1[127.0.0.1] timed out while sending message body",
                    Courier.show(outcome));
        }
    }
}
