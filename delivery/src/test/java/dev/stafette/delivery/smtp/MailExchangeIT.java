// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several exchanges of one domain: loopback addresses that share a port. */
class MailExchangeIT {
    private final MailExchanges net = new MailExchanges();

    @AfterEach
    void closeAll() throws Exception {
        net.close();
    }

    /** Answers the command that starts so with the reply, everything else with success. */
    private static FakeSite.Script answering(String command, String answer) {
        return wire -> {
            wire.reply("220 mx.test");
            while (true) {
                String line = wire.readLine();
                if (line.startsWith(command)) {
                    wire.reply(answer);
                } else if (line.equals("DATA")) {
                    wire.reply("354 go");
                    wire.readContent();
                    wire.reply(command.equals(".") ? answer : "250 2.0.0 Ok");
                } else {
                    wire.reply("250 ok");
                }
            }
        };
    }

    private DeliveryReport deliver(Courier courier) throws Exception {
        return Courier.await(courier.send("b.test"));
    }

    @Test
    void goesOnToTheNextExchangeWhenOneIsDown() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(3, MailExchanges::serve);
        Courier courier = net.courier();
        DeliveryReport report = deliver(courier);
        assertEquals(MailExchanges.label(3) + ":" + net.port, report.outcomes()[0].relay());
        assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
        assertNull(report.siteFailure());
        assertEquals(
                List.of("connect to " + MailExchanges.label(2) + ":" + net.port + ": Connection refused"), courier.log);
    }

    /** As Postfix: what soft_bounce defers in the end is for the next host to take. */
    @ParameterizedTest
    @ValueSource(strings = {"RCPT", "MAIL", "DATA"})
    void goesOnToTheNextExchangeAfterARefusalWhereBouncesAreSoft(String refused) throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(2, answering(refused, "550 5.1.1 no"));
        net.site(3, MailExchanges::serve);
        for (boolean isSoft : List.of(true, false)) {
            try (Courier courier = net.courier(
                    Courier.settings().withHabits(TestHabits.usualBut(habits -> habits.softBounce = isSoft)))) {
                DeliveryOutcome outcome = deliver(courier).outcomes()[0];
                assertEquals(isSoft ? Kind.DELIVERED : Kind.BOUNCED, outcome.kind());
                assertEquals(isSoft ? 1 : 0, courier.log.size());
            }
        }
    }

    @Test
    void goesOnToTheNextOfSeveralNextHops() throws Exception {
        net.dns.mx("c.test", 10, "mx3.test").address("mx3.test", "127.0.0.3");
        net.site(3, answering("RCPT", "450 4.2.1 busy"));
        net.site(4, MailExchanges::serve);
        Courier courier = net.courier();
        // One is down, one does not exist, one defers.
        String nextHops = "[127.0.0.2], nowhere.test,c.test,\t[127.0.0.4]";
        DeliveryReport report = Courier.await(courier.send(nextHops));
        assertEquals("127.0.0.4[127.0.0.4]:" + net.port, report.outcomes()[0].relay());
        assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
        assertNull(report.siteFailure());
        assertEquals(3, courier.log.size(), courier.log.toString());
    }

    /** The destination is not there, or does not take it for now. */
    @ParameterizedTest
    @ValueSource(strings = {"nowhere.test", "[127.0.0.2]", "c.test"})
    void fallsBackToAnotherRelay(String nextHop) throws Exception {
        net.dns.mx("c.test", 10, "mx3.test").address("mx3.test", "127.0.0.3");
        net.site(3, answering("RCPT", "450 4.2.1 busy"));
        net.site(4, MailExchanges::serve);
        Courier courier = net.courier(Courier.settings().withFallbackRelay("[127.0.0.5],[127.0.0.4]"));
        DeliveryReport report = Courier.await(courier.send(nextHop));
        assertEquals("127.0.0.4[127.0.0.4]:" + net.port, report.outcomes()[0].relay());
        assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
    }

    @Test
    void fallsBackToNobodyForWhatItIsAnExchangeOf() throws Exception {
        net.dns.mx("b.test", 10, "mx2.test").mx("b.test", 20, "relay.test");
        net.dns.address("mx2.test", "127.0.0.2").address("relay.test", "127.0.0.9");
        net.dns.mx("own.test", 10, "relay.test");
        net.site(4, MailExchanges::serve);
        Courier courier = net.courier(Courier.settings().withFallbackRelay("[127.0.0.4]"));
        assertEquals(
                Kind.DEFERRED,
                Courier.await(courier.send("b.test")).outcomes()[0].kind());
        assertEquals(
                "bounced 5.4.6 mail for own.test loops back to myself",
                Courier.show(Courier.await(courier.send("own.test")).outcomes()[0]));
    }

    @Test
    void warnsOfLinesThatNoServerShouldSend() throws Exception {
        net.site(2, wire -> {
            wire.reply("who are you?");
            MailExchanges.serve(wire);
        });
        net.site(3, wire -> {
            wire.reply("220-" + "x".repeat(3000));
            MailExchanges.serve(wire);
        });
        Courier courier = net.courier();
        for (String host : List.of("127.0.0.2", "127.0.0.3")) {
            DeliveryReport report = Courier.await(courier.send("[" + host + "]"));
            assertEquals(Kind.DELIVERED, report.outcomes()[0].kind(), host);
        }
        assertEquals(2, courier.log.size(), courier.log.toString());
        String noise = "warning: non-ESMTP response from 127.0.0.2[127.0.0.2]:" + net.port + ": who are you? 220 ";
        assertEquals(noise, courier.log.get(0).substring(0, noise.length()));
        assertEquals(
                "warning: 127.0.0.3[127.0.0.3]:" + net.port + ": response longer than 2048: 220-" + "x".repeat(26)
                        + "...",
                courier.log.get(1));
    }

    @Test
    void reportsWhatTheLastOfSeveralNextHopsSaid() throws Exception {
        net.site(3, answering("RCPT", "450 4.2.1 busy"));
        DeliveryReport report = Courier.await(net.courier().send("[127.0.0.3],[127.0.0.2]"));
        assertEquals(
                "deferred 4.4.1 connect to 127.0.0.2[127.0.0.2]:" + net.port + ": Connection refused",
                Courier.show(report.outcomes()[0]));
        report = Courier.await(net.courier().send("[127.0.0.2],[127.0.0.3]"));
        assertEquals(Kind.DEFERRED, report.outcomes()[0].kind());
        assertEquals("4.2.1", report.outcomes()[0].status().toString());
    }

    @Test
    void asksNoOtherNextHopAfterARefusalForGood() throws Exception {
        net.site(2, answering("RCPT", "550 5.1.1 no such user"));
        FakeSite other = net.site(3, MailExchanges::serve);
        DeliveryReport report = Courier.await(net.courier().send("[127.0.0.2],[127.0.0.3]"));
        assertEquals(Kind.BOUNCED, report.outcomes()[0].kind());
        assertEquals(0, other.connectionCount());
        report = Courier.await(net.courier().send("[127.0.0.4],nowhere.test"));
        assertEquals(Kind.BOUNCED, report.outcomes()[0].kind());
    }

    @Test
    void goesOnWhenNobodyTakesTheConnection() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(3, MailExchanges::serve);
        List<Socket> fillers = new ArrayList<>();
        // A full accept queue: the kernel answers no further SYN.
        try (ServerSocket deaf = new ServerSocket(net.port, 1, InetAddress.getByName("127.0.0.2"))) {
            for (int i = 0; i < 2; i++) {
                fillers.add(new Socket(deaf.getInetAddress(), net.port));
            }
            SmtpTimeouts t = SmtpTimeouts.DEFAULTS;
            Courier courier = net.courier(Courier.settings()
                    .withTimeouts(new SmtpTimeouts(
                            Duration.ofMillis(300),
                            t.helo(),
                            t.xforward(),
                            t.mail(),
                            t.rcpt(),
                            t.dataInit(),
                            t.dataXfer(),
                            t.dataDone(),
                            t.rset())));
            DeliveryReport report = deliver(courier);
            assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
            assertEquals(
                    List.of("connect to " + MailExchanges.label(2) + ":" + net.port + ": Connection timed out"),
                    courier.log);
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }
    }

    @Test
    void goesOnWhenAGreetingRefuses() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        FakeSite first = net.site(2, wire -> wire.reply("554 5.7.1 no"));
        net.site(3, MailExchanges::serve);
        Courier courier = net.courier();
        assertEquals(Kind.DELIVERED, deliver(courier).outcomes()[0].kind());
        assertEquals(1, first.connectionCount());
        assertEquals(List.of("host " + MailExchanges.label(2) + " refused to talk to me: 554 5.7.1 no"), courier.log);
    }

    @Test
    void keepsADeferredRecipientForTheNextExchange() throws Exception {
        for (String command : List.of("MAIL", "RCPT", "DATA", ".")) {
            net.dns.mx("c.test", 10, "mx2.test");
        }
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(3, MailExchanges::serve);
        for (String command : List.of("MAIL", "RCPT", "DATA", ".")) {
            for (String code : List.of("450 4.2.0", "421 4.7.0")) {
                try (FakeSite first = FakeSite.always("127.0.0.2", net.port, answering(command, code + " later"));
                        Courier courier = net.courier()) {
                    DeliveryReport report = deliver(courier);
                    assertEquals(
                            MailExchanges.label(3) + ":" + net.port,
                            report.outcomes()[0].relay(),
                            command + " " + code + courier.log);
                    assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
                    assertEquals(1, first.connectionCount());
                    assertEquals(1, courier.log.size());
                    assertTrue(
                            courier.log
                                    .get(0)
                                    .startsWith("host " + MailExchanges.label(2) + " said: " + code
                                            + " later (in reply to "),
                            courier.log.toString());
                }
            }
        }
    }

    @Test
    void asksNobodyElseAfterARefusalForGood() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(2, answering("RCPT", "550 5.1.1 unknown"));
        FakeSite second = net.site(3, MailExchanges::serve);
        assertEquals(Kind.BOUNCED, deliver(net.courier()).outcomes()[0].kind());
        assertEquals(0, second.connectionCount());
    }

    @Test
    void triesNoMoreSessionsThanItMay() throws Exception {
        List<FakeSite> sites = new ArrayList<>();
        for (int i = 2; i <= 5; i++) {
            net.exchange("b.test", i, i * 10);
            sites.add(net.site(i, answering("RCPT", "450 4.2." + i + " busy")));
        }
        DeliveryReport report = deliver(net.courier());
        assertEquals(
                "deferred 4.2.3 host " + MailExchanges.label(3) + " said: 450 4.2.3 busy (in reply to RCPT TO command)",
                Courier.show(report.outcomes()[0]));
        assertEquals(
                List.of(1, 1, 0, 0),
                sites.stream().map(FakeSite::connectionCount).toList());
        assertNull(report.siteFailure(), "a 4xx reply to RCPT is no failure of the site");
    }

    @Test
    void triesNoMoreAddressesThanItMay() throws Exception {
        List<FakeSite> sites = new ArrayList<>();
        for (int i = 2; i <= 8; i++) {
            net.exchange("b.test", i, i * 10);
            sites.add(net.site(i, wire -> wire.reply("421 4.3.2 no")));
        }
        DeliveryReport report = deliver(net.courier());
        assertEquals(
                List.of(1, 1, 1, 1, 1, 0, 0),
                sites.stream().map(FakeSite::connectionCount).toList());
        assertEquals("host " + MailExchanges.label(6) + " refused to talk to me: 421 4.3.2 no", report.siteFailure());
    }

    @Test
    void isNoSiteFailureWhenAnExchangeBeforeHasAnswered() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(2, answering("RCPT", "450 4.2.0 busy"));
        DeliveryReport report = deliver(net.courier());
        assertEquals(
                "deferred 4.4.1 connect to " + MailExchanges.label(3) + ":" + net.port + ": Connection refused",
                Courier.show(report.outcomes()[0]));
        assertNull(report.siteFailure());
    }

    @Test
    void sendsNoSecondCopyWhenTheFirstMayHaveArrived() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(2, wire -> {
            wire.reply("220 mx.test");
            wire.readLine();
            wire.reply("250 mx.test");
            wire.readLine();
            wire.reply("250 ok");
            wire.readLine();
            wire.reply("250 ok");
            wire.readLine();
            wire.reply("354 go");
            wire.readContent();
        });
        FakeSite second = net.site(3, MailExchanges::serve);
        DeliveryReport report = deliver(net.courier());
        assertEquals(
                "deferred 4.4.2 lost connection with " + MailExchanges.label(2)
                        + " while sending end of data -- message may be sent more than once",
                Courier.show(report.outcomes()[0]));
        assertEquals(DeliveryOutcome.Handover.UNKNOWN, report.outcomes()[0].handover());
        assertEquals(0, second.connectionCount());
        assertEquals(report.outcomes()[0].text(), report.siteFailure());
    }

    @Test
    void goesOnWhenAConnectionBreaksBeforeTheDot() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(2, wire -> {
            wire.reply("220 mx.test");
            wire.readLine();
            wire.reply("250-mx.test\r\n250 PIPELINING");
            wire.readLine();
        });
        net.site(3, MailExchanges::serve);
        assertEquals(Kind.DELIVERED, deliver(net.courier()).outcomes()[0].kind());
    }

    @Test
    void spreadsMessagesOverExchangesOfOnePreference() throws Exception {
        AtomicInteger second = new AtomicInteger();
        AtomicInteger third = new AtomicInteger();
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 10);
        net.site(2, wire -> second.addAndGet(wire.serve("")));
        net.site(3, wire -> third.addAndGet(wire.serve("")));
        Courier courier = net.courier(Courier.settings().withReuse(SessionReuse.NONE));
        Set<String> relays = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            relays.add(deliver(courier).outcomes()[0].relay());
        }
        assertEquals(2, relays.size());
    }

    @Test
    void sharesConnectionsBetweenDomainsOfOneExchange() throws Exception {
        FakeSite site = net.site(2, MailExchanges::serve);
        net.dns.address("mx2.test", "127.0.0.2");
        for (int i = 0; i < 10; i++) {
            net.dns.mx("d" + i + ".test", 10, "mx2.test");
        }
        Courier courier = net.courier();
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    Kind.DELIVERED,
                    Courier.await(courier.send("d" + i + ".test")).outcomes()[0].kind());
        }
        assertEquals(1, site.connectionCount());
    }

    @Test
    void goesOnToTheNextExchangeAfterAReusedSessionDeferred() throws Exception {
        net.exchange("b.test", 2, 10);
        AtomicInteger messages = new AtomicInteger();
        net.site(2, wire -> {
            wire.reply("220 mx.test");
            while (true) {
                String line = wire.readLine();
                if (line.equals("DATA")) {
                    wire.reply("354 go");
                    wire.readContent();
                    wire.reply(messages.incrementAndGet() > 1 ? "452 4.3.1 full" : "250 2.0.0 Ok");
                } else {
                    wire.reply("250 ok");
                }
            }
        });
        net.exchange("b.test", 3, 20);
        net.site(3, MailExchanges::serve);
        Courier courier = net.courier();
        assertEquals(
                MailExchanges.label(2) + ":" + net.port,
                deliver(courier).outcomes()[0].relay());
        assertEquals(
                MailExchanges.label(3) + ":" + net.port,
                deliver(courier).outcomes()[0].relay());
        assertEquals(2, messages.get());
    }

    @Test
    void bouncesWhatNobodyTakes() throws Exception {
        net.dns.mx("b.test", 0, "");
        DeliveryReport report = deliver(net.courier());
        assertEquals("bounced 5.1.10 Domain b.test does not accept mail (nullMX)", Courier.show(report.outcomes()[0]));
        assertNull(report.siteFailure());
    }

    @Test
    void blamesTheSiteForItsNameServer() throws Exception {
        net.dns.ignore("b.test");
        DeliveryReport report = deliver(net.courier(Duration.ofMillis(200)));
        String text = "Host or domain name not found. Name service error for name=b.test type=MX: "
                + "Host not found, try again";
        assertEquals("deferred 4.4.3 " + text, Courier.show(report.outcomes()[0]));
        assertEquals(text, report.siteFailure());
    }

    @Test
    void waitsWhenAWorseExchangeTurnsOutToBeOurself() throws Exception {
        net.exchange("b.test", 2, 10);
        net.exchange("b.test", 3, 20);
        net.site(3, wire -> {
            wire.reply("220 relay.test ESMTP");
            wire.readLine();
        });
        DeliveryReport report = deliver(net.courier());
        assertEquals("deferred 4.4.6 mail for b.test loops back to myself", Courier.show(report.outcomes()[0]));
    }
}
