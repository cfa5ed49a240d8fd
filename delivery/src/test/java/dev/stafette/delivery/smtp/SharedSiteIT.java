// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Domains whose mail the same hosts take: what a report calls them, and requests that are for one site only. */
class SharedSiteIT {
    private final MailExchanges net = new MailExchanges();

    @AfterEach
    void closeAll() throws Exception {
        net.close();
    }

    private static DeliveryReport deliver(Courier courier, String nextHop) throws Exception {
        DeliveryReport report = Courier.await(courier.send(nextHop));
        assertEquals(Kind.DELIVERED, report.outcomes()[0].kind());
        return report;
    }

    /** a.test and b.test have the same two hosts, with the preferences the other way round. */
    private void shareTwoHosts() {
        net.dns.mx("a.test", 10, "mx2.test").mx("a.test", 20, "mx3.test");
        net.dns.mx("b.test", 10, "mx3.test").mx("b.test", 20, "mx2.test");
    }

    @Test
    void namesTheSiteByItsHostsWhateverTheirPreference() throws Exception {
        net.host(2);
        net.host(3);
        shareTwoHosts();
        Courier courier = net.courier();
        assertEquals("mx2.test,mx3.test", deliver(courier, "a.test").site());
        assertEquals("mx2.test,mx3.test", deliver(courier, "b.test").site());
        assertEquals("mx2.test,mx3.test", deliver(courier, "b.test").site(), "on a connection that was idle");
        assertEquals("mx2.test", deliver(courier, "[mx2.test]").site());
        assertEquals("127.0.0.2", deliver(courier, "[127.0.0.2]").site());
    }

    @Test
    void namesAHostThatCannotBeReachedAndThePortWhereItIsAnother() throws Exception {
        net.dns.mx("c.test", 10, "mx9.test");
        net.dns.address("mx9.test", "127.0.0.9");
        DeliveryReport report = Courier.await(net.courier().send("c.test"));
        assertEquals(Kind.DEFERRED, report.outcomes()[0].kind());
        assertEquals("mx9.test", report.site());
        report = Courier.await(net.courier().send("c.test:1"));
        assertEquals("mx9.test:1", report.site());
        assertEquals("", Courier.await(net.courier().send("nowhere.test")).site());
    }

    @Test
    void findsTheSiteOutWithoutConnecting() throws Exception {
        FakeSite two = net.host(2);
        net.dns.mx("a.test", 10, "mx2.test");
        Courier courier = net.courier();
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
        FakeSite two = net.host(2);
        net.dns.mx("a.test", 10, "mx2.test");
        Courier courier = net.courier();
        courier.site("mx1.test");
        DeliveryReport report = Courier.await(courier.send("a.test"));
        assertTrue(report.isUntried());
        assertEquals("mx2.test", report.site());
        assertEquals(0, two.connectionCount());
    }

    @Test
    void leavesNoRequestBehindInLine() throws Exception {
        net.host(2);
        net.dns.mx("a.test", 10, "mx2.test");
        Courier courier = net.courier();
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
        FakeSite two = net.host(2);
        FakeSite three = net.host(3);
        shareTwoHosts();
        Courier courier = net.courier();
        courier.site("mx2.test,mx3.test");
        deliver(courier, "a.test");
        deliver(courier, "b.test");
        deliver(courier, "a.test");
        assertEquals(1, two.connectionCount());
        assertEquals(0, three.connectionCount());
    }

    @Test
    void goesByItsOwnOrderWithoutALimit() throws Exception {
        FakeSite two = net.host(2);
        FakeSite three = net.host(3);
        shareTwoHosts();
        Courier courier = net.courier();
        deliver(courier, "a.test");
        deliver(courier, "b.test");
        assertEquals(1, two.connectionCount());
        assertEquals(1, three.connectionCount());
    }
}
