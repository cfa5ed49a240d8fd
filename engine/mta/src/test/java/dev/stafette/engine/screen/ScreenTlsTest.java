// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.ServerTls;
import dev.stafette.engine.tls.TicketKeys;
import org.junit.jupiter.api.Test;

/** TLS before a session is what the row of tlsproxy says, and what the screen's own row says of the screen. */
class ScreenTlsTest {
    private static ServerTls tls(String mainCf, String screenOptions, String proxyRow) {
        Configuration configuration = new FakeHost("mx.example.org")
                .configuration(
                        "smtpd_tls_security_level = may\n" + mainCf,
                        "smtp inet n - n - 1 postscreen " + screenOptions + "\n" + proxyRow);
        return ScreenTls.of(
                configuration.settings().forService(configuration.services().get(0)),
                new ServerContexts(
                        TlsEngine::best, new TicketKeys(), ListTables.UNOPENED, Runnable::run, warning -> {}));
    }

    @Test
    void goesByTheRowOfTlsproxy() {
        String row = "tlsproxy unix - - n - 0 tlsproxy -o tlsproxy_tls_loglevel=2 -o smtpd_starttls_timeout=7s";
        assertEquals(2, tls("smtpd_tls_loglevel = 1", "", row).logLevel());
        assertEquals(300, tls("", "", row).timeout().toSeconds());
        assertEquals(2, tls("", "-o tlsproxy_tls_loglevel=3", row).logLevel());
        assertEquals(2, tls("", "-o smtpd_tls_loglevel=3", row).logLevel());
    }

    @Test
    void goesByTheScreensOwnNamesFirst() {
        String row = "tlsproxy unix - - n - 0 tlsproxy -o tlsproxy_tls_loglevel=2";
        assertEquals(4, tls("postscreen_tls_loglevel = 4", "", row).logLevel());
        assertEquals(3, tls("", "-o postscreen_tls_loglevel=3", row).logLevel());
        assertTrue(tls("", "-o postscreen_tls_security_level=encrypt", row).isRequired());
    }

    @Test
    void goesByItsOwnRowWithoutOneOfTlsproxy() {
        assertEquals(3, tls("", "-o smtpd_tls_loglevel=3", "").logLevel());
    }
}
