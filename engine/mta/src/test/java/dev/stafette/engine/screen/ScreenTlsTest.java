// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.ServerTls;
import dev.stafette.engine.tls.TicketKeys;
import java.util.List;
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

    private static TlsLogLevel level(String word) {
        return TlsLogLevel.of(List.of(word));
    }

    @Test
    void goesByTheRowOfTlsproxy() {
        String row = "tlsproxy unix - - n - 0 tlsproxy -o tlsproxy_tls_loglevel=verbose -o smtpd_starttls_timeout=7s";
        assertEquals(
                level("verbose"), tls("smtpd_tls_loglevel = summary", "", row).logLevel());
        assertEquals(300, tls("", "", row).timeout().toSeconds());
        assertEquals(
                level("verbose"), tls("", "-o tlsproxy_tls_loglevel=cache", row).logLevel());
        assertEquals(
                level("verbose"), tls("", "-o smtpd_tls_loglevel=cache", row).logLevel());
    }

    @Test
    void goesByTheScreensOwnNamesFirst() {
        String row = "tlsproxy unix - - n - 0 tlsproxy -o tlsproxy_tls_loglevel=verbose";
        assertEquals(
                level("untrusted"),
                tls("postscreen_tls_loglevel = untrusted", "", row).logLevel());
        assertEquals(
                level("cache"), tls("", "-o postscreen_tls_loglevel=cache", row).logLevel());
        assertTrue(tls("", "-o postscreen_tls_security_level=encrypt", row).isRequired());
    }

    @Test
    void goesByItsOwnRowWithoutOneOfTlsproxy() {
        assertEquals(level("cache"), tls("", "-o smtpd_tls_loglevel=cache", "").logLevel());
    }
}
