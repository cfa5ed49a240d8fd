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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS before a session is what the row of tlsproxy says, and what the screen's own row says of the screen. */
class ScreenTlsTest {
    private static Configuration row(String mainCf, String screenOptions, String proxyRow) {
        return new FakeHost("mx.example.org")
                .configuration(
                        "smtpd_tls_security_level = may\n" + mainCf,
                        "smtp inet n - n - 1 postscreen " + screenOptions + "\n" + proxyRow);
    }

    private static ServerTls tls(String mainCf, String screenOptions, String proxyRow) {
        Configuration configuration = row(mainCf, screenOptions, proxyRow);
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

    /** The screen's name before the younger one of tlsproxy before that of sessions, for each that there is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cert_file            | /tls/a.pem | /tls/b.pem",
                "key_file             | /tls/a.key | /tls/b.key",
                "eccert_file          | /tls/a.pem | /tls/b.pem",
                "eckey_file           | /tls/a.key | /tls/b.key",
                "chain_files          | /tls/a.pem | /tls/b.pem",
                "CAfile               | /tls/a.pem | /tls/b.pem",
                "CApath               | /tls/a | /tls/b",
                "ask_ccert            | yes | no",
                "req_ccert            | yes | no",
                "ccert_verifydepth    | 3 | 4",
                "fingerprint_digest   | sha1 | sha512",
                "protocols            | TLSv1.3 | TLSv1.2",
                "mandatory_protocols  | TLSv1.3 | TLSv1.2",
                "ciphers              | high | low",
                "mandatory_ciphers    | high | low",
                "exclude_ciphers      | AES128 | AES256",
                "mandatory_exclude_ciphers | AES128 | AES256",
                "loglevel             | 1 | 2",
            })
    void readsEachOfItsNames(String end, String one, String other) {
        String sessions = "smtpd_tls_" + end + " = ";
        String proxy = "tlsproxy_tls_" + end + " = ";
        String screen = "postscreen_tls_" + end + " = ";
        assertEquals(one, text(end, sessions + one));
        assertEquals(one, text(end, sessions + other, proxy + one));
        assertEquals(one, text(end, sessions + other, proxy + other, screen + one));
        assertEquals(one, text(end, screen + one));
    }

    private static String text(String end, String... mainCf) {
        Configuration configuration = row(String.join("\n", mainCf), "", "");
        return ScreenTls.ofScreen(configuration
                        .settings()
                        .forService(configuration.services().get(0)))
                .text("smtpd_tls_" + end);
    }

    @ParameterizedTest
    @CsvSource({
        "postscreen_use_tls = yes, true, false",
        "postscreen_enforce_tls = yes, true, true",
        "postscreen_tls_security_level = encrypt, true, true",
        "smtpd_use_tls = yes, true, false",
        "smtpd_enforce_tls = yes, true, true",
        "tlsproxy_use_tls = yes, false, false",
        "tlsproxy_enforce_tls = yes, false, false",
        "tlsproxy_tls_security_level = may, false, false",
    })
    void offersWhatTheScreensOwnNamesSay(String line, boolean isOffered, boolean isRequired) {
        ServerTls tls = tls("smtpd_tls_security_level =\n" + line, "", "");
        assertEquals(isOffered, tls.isOffered());
        assertEquals(isRequired, tls.isRequired());
    }
}
