// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClientRatesTest {
    private static final long UNIT_NS = 60;

    private final ClientRates rates = new ClientRates();

    private int count(ClientEvent event, String address, long nowNs) {
        return rates.count(event, TestHost.ip(address), nowNs, UNIT_NS);
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
    void forgetsWhoHasNotBeenHereForLong() {
        for (int i = 0; i < 100_000; i++) {
            count(ClientEvent.CONNECTION, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), i);
        }
        assertTrue(rates.size() < 2000, "size " + rates.size());
    }
}
