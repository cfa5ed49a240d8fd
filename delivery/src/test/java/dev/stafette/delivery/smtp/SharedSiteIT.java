// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.dns.FakeDns;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Domains whose mail the same hosts take: what a report calls them, and requests that are for one site only. */
class SharedSiteIT {
    private final FakeDns dns = new FakeDns();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(dns));
    private final int port = freePort();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private static int freePort() {
        for (int port = 20_000 + (int) (System.nanoTime() % 10_000); ; port++) {
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one, then.
            }
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    private FakeSite host(int number) {
        dns.address("mx" + number + ".test", "127.0.0." + number);
        return opened(FakeSite.always("127.0.0." + number, port, wire -> wire.serve("250-PIPELINING\r\n")));
    }

    private Courier courier() {
        SmtpClientSettings base = Courier.settings();
        SmtpClientSettings settings = new SmtpClientSettings(
                base.myHostname(),
                base.heloName(),
                base.helloMode(),
                base.skip5xxGreeting(),
                port,
                base.mxSessionLimit(),
                base.lineBytesMax(),
                base.mimeConversion(),
                null,
                null,
                base.timeouts(),
                base.reuse());
        return opened(new Courier(settings, Courier.routes(), List.of(dns.address()), Epoll.isAvailable()));
    }

    private static DeliveryReport deliver(Courier courier, String nextHop) throws Exception {
        DeliveryReport report = Courier.await(courier.send(nextHop));
        assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
        return report;
    }

    /** a.test and b.test have the same two hosts, with the preferences the other way round. */
    private void shareTwoHosts() {
        dns.mx("a.test", 10, "mx2.test").mx("a.test", 20, "mx3.test");
        dns.mx("b.test", 10, "mx3.test").mx("b.test", 20, "mx2.test");
    }

    @Test
    void namesTheSiteByItsHostsWhateverTheirPreference() throws Exception {
        host(2);
        host(3);
        shareTwoHosts();
        Courier courier = courier();
        assertEquals("mx2.test,mx3.test", deliver(courier, "a.test").site());
        assertEquals("mx2.test,mx3.test", deliver(courier, "b.test").site());
        assertEquals("mx2.test,mx3.test", deliver(courier, "b.test").site(), "on a connection that was idle");
        assertEquals("mx2.test", deliver(courier, "[mx2.test]").site());
        assertEquals("127.0.0.2", deliver(courier, "[127.0.0.2]").site());
    }

    @Test
    void namesAHostThatCannotBeReachedAndThePortWhereItIsAnother() throws Exception {
        dns.mx("c.test", 10, "mx9.test");
        dns.address("mx9.test", "127.0.0.9");
        DeliveryReport report = Courier.await(courier().send("c.test"));
        assertEquals(Kind.DEFERRED, report.outcomes()[0].kind());
        assertEquals("mx9.test", report.site());
        report = Courier.await(courier().send("c.test:1"));
        assertEquals("mx9.test:1", report.site());
        assertEquals("", Courier.await(courier().send("nowhere.test")).site());
    }

    @Test
    void findsTheSiteOutWithoutConnecting() throws Exception {
        FakeSite two = host(2);
        dns.mx("a.test", 10, "mx2.test");
        Courier courier = courier();
        courier.site("");
        DeliveryReport report = Courier.await(courier.send("a.test"));
        assertTrue(report.isUntried());
        assertEquals("mx2.test", report.site());
        assertEquals(0, two.connectionCount());
        courier.site("mx2.test");
        assertEquals("mx2.test", deliver(courier, "a.test").site());
        courier.site("");
        assertTrue(Courier.await(courier.send("a.test")).isUntried(), "though a connection is idle");
        assertEquals(1, two.connectionCount());
    }

    @Test
    void connectsToNoOtherSiteThanItMay() throws Exception {
        FakeSite two = host(2);
        dns.mx("a.test", 10, "mx2.test");
        Courier courier = courier();
        courier.site("mx1.test");
        DeliveryReport report = Courier.await(courier.send("a.test"));
        assertTrue(report.isUntried());
        assertEquals("mx2.test", report.site());
        assertEquals(0, two.connectionCount());
    }

    @Test
    void leavesNoRequestBehindInLine() throws Exception {
        host(2);
        dns.mx("a.test", 10, "mx2.test");
        Courier courier = courier();
        courier.attemptsMax(1);
        courier.site("mx1.test");
        var one = courier.send("a.test");
        var two = courier.send("a.test");
        courier.site("mx2.test");
        var three = courier.send("a.test");
        assertTrue(Courier.await(one).isUntried());
        assertTrue(Courier.await(two).isUntried());
        assertFalse(Courier.await(three).isUntried());
    }

    /** The last host is idle, and the other one is better: there may be no second connection, so that one is used. */
    @Test
    void usesAnIdleConnectionToAnotherHostOfALimitedSite() throws Exception {
        FakeSite two = host(2);
        FakeSite three = host(3);
        shareTwoHosts();
        Courier courier = courier();
        courier.site("mx2.test,mx3.test");
        deliver(courier, "a.test");
        deliver(courier, "b.test");
        deliver(courier, "a.test");
        assertEquals(1, two.connectionCount());
        assertEquals(0, three.connectionCount());
    }

    @Test
    void goesByItsOwnOrderWithoutALimit() throws Exception {
        FakeSite two = host(2);
        FakeSite three = host(3);
        shareTwoHosts();
        Courier courier = courier();
        deliver(courier, "a.test");
        deliver(courier, "b.test");
        assertEquals(1, two.connectionCount());
        assertEquals(1, three.connectionCount());
    }
}
