// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.log.KeptLog;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientRatesTest {
    private static final long UNIT_NS = 60;

    private static final ClientNetwork.Prefixes PREFIXES = new ClientNetwork.Prefixes(32, 84);

    private final ClientRates rates = new ClientRates();

    private int count(ClientEvent event, String address, long nowNs) {
        return rates.count(event, PREFIXES.of(TestHost.ip(address)), nowNs, UNIT_NS);
    }

    @Test
    void countsEachClientAndKindOnItsOwn() {
        assertEquals(1, count(ClientEvent.MESSAGE, "192.0.2.1", 0));
        assertEquals(2, count(ClientEvent.MESSAGE, "192.0.2.1", 1));
        assertEquals(1, count(ClientEvent.RECIPIENT, "192.0.2.1", 2));
        assertEquals(1, count(ClientEvent.MESSAGE, "192.0.2.2", 3));
        assertEquals(3, count(ClientEvent.MESSAGE, "192.0.2.1", 60));
        assertEquals(1, count(ClientEvent.MESSAGE, "192.0.2.1", 61));
        assertEquals(1, count(ClientEvent.RECIPIENT, "192.0.2.1", 62));
    }

    @Test
    void takesANetworkForOneClient() {
        assertEquals(1, count(ClientEvent.CONNECTION, "2001:db8::1", 0));
        assertEquals(2, count(ClientEvent.CONNECTION, "2001:db8::2", 0));
        assertEquals(1, count(ClientEvent.CONNECTION, "2001:db8:1::2", 0));
    }

    @Test
    void takesAsMuchOfAnAddressAsItIsTold() {
        assertEquals("192.0.2.1", network(32, 84, "192.0.2.1"));
        assertEquals("192.0.2.0/24", network(24, 84, "192.0.2.1"));
        assertEquals("0.0.0.0/0", network(0, 0, "192.0.2.1"));
        assertEquals("::/0", network(0, 0, "2001:db8::1"));
        assertEquals("2001:db8::/84", network(32, 84, "2001:db8::1"));
        assertEquals("2001:db8::/64", network(32, 64, "2001:db8::1:2:3:4"));
        assertEquals("2001:db8::1", network(32, 128, "2001:db8::1"));
    }

    private static String network(int ipv4Bits, int ipv6Bits, String address) {
        return new ClientNetwork.Prefixes(ipv4Bits, ipv6Bits)
                .of(TestHost.ip(address))
                .text();
    }

    @Test
    void logsTheBusiestClientAndBeginsAnew() {
        ClientPeaks peaks = new ClientPeaks();
        ClientNetwork one = PREFIXES.of(TestHost.ip("192.0.2.1"));
        peaks.onSessions(1, one, 0);
        peaks.onSessions(2, PREFIXES.of(TestHost.ip("2001:db8::1")), 5_000);
        peaks.onSessions(1, one, 9_000);
        peaks.onEvent(ClientEvent.CONNECTION, 4, one, 1_000);
        peaks.onEvent(ClientEvent.RECIPIENT, 7, one, 2_000);
        peaks.onClients(3, 3_000);
        try (KeptLog log = new KeptLog()) {
            peaks.log(log.log(), "smtp", 60, ZoneOffset.UTC);
            peaks.log(log.log(), "smtp", 60, ZoneOffset.UTC);
            assertEquals(
                    List.of(
                            "anvil: statistics: max connection rate 4/60s for (smtp:192.0.2.1) at Jan  1 00:00:01",
                            "anvil: statistics: max recipient rate 7/60s for (smtp:192.0.2.1) at Jan  1 00:00:02",
                            "anvil: statistics: max connection count 2 for (smtp:2001:db8::/84) at Jan  1 00:00:05",
                            "anvil: statistics: max cache size 3 at Jan  1 00:00:03"),
                    log.lines());
        }
    }

    @Test
    void remembersThoseWhoHaveBeenHereNotLongAgo() {
        count(ClientEvent.CONNECTION, "192.0.2.1", 0);
        count(ClientEvent.CONNECTION, "192.0.2.2", 30);
        count(ClientEvent.CONNECTION, "192.0.2.3", 60);
        assertEquals(3, rates.size());
        count(ClientEvent.CONNECTION, "192.0.2.3", 61);
        assertEquals(2, rates.size());
    }

    @Test
    void forgetsWhoHasNotBeenHereForLong() {
        for (int i = 0; i < 100_000; i++) {
            count(ClientEvent.CONNECTION, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), i);
        }
        assertTrue(rates.size() < 2000, "size " + rates.size());
    }
}
