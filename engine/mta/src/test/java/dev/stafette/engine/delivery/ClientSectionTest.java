// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.delivery.smtp.SmtpClientSettings;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.syntax.ConfigException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClientSectionTest {
    private static SmtpClientSettings client(String... mainCf) {
        return ClientSection.of(FakeHost.settings(mainCf), null);
    }

    @Test
    void callsFromTheOnlyAddressThatItListensOn() {
        SmtpClientSettings client = client("inet_interfaces = 192.0.2.2, fd00::2, 192.0.2.2");
        assertEquals(FakeHost.ip("192.0.2.2"), client.bindAddress());
        assertEquals(FakeHost.ip("fd00::2"), client.bindAddress6());
        assertEquals(
                FakeHost.ip("192.0.2.7"), client("inet_interfaces = 192.0.2.7").bindAddress());
    }

    @Test
    void leavesTheAddressToTheSystemWhereItListensOnSeveralOrOnLoopback() {
        for (String interfaces : new String[] {"all", "loopback-only", "192.0.2.2, 127.0.0.1, fd00::2, ::1"}) {
            SmtpClientSettings client = client("inet_interfaces = " + interfaces);
            assertNull(client.bindAddress(), interfaces);
            assertNull(client.bindAddress6(), interfaces);
        }
    }

    @Test
    void callsFromWhereItIsToldTo() {
        SmtpClientSettings client = client(
                "inet_interfaces = 192.0.2.2, fd00::2",
                "smtp_bind_address = 192.0.2.9",
                "smtp_bind_address6 = [fd00::9]");
        assertEquals(FakeHost.ip("192.0.2.9"), client.bindAddress());
        assertEquals(FakeHost.ip("fd00::9"), client.bindAddress6());
        assertThrows(ConfigException.class, () -> client("smtp_bind_address = fd00::9"));
    }

    @Test
    void waitsForTheEndOfAMessageAsLongAsItIsTold() {
        assertEquals(
                Duration.ofSeconds(1200),
                client("smtp_data_done_timeout = 1200").timeouts().dataDone());
        assertEquals(Duration.ofMinutes(10), client().timeouts().dataDone());
    }
}
