// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ServerContextsTest {
    private final ServerContexts contexts =
            new ServerContexts(TlsEngine::best, new TicketKeys(), ListTables.UNOPENED, Runnable::run, warning -> {});

    /** Of a row with this override. */
    private static Settings row(String override) throws IOException {
        Configuration configuration = new FakeHost("mx.b.test")
                .file("/tls/server.pem", TestCertificates.text("/tls/server.pem"))
                .file("/tls/server.key", TestCertificates.text("/tls/server.key"))
                .configuration(
                        "smtpd_tls_cert_file = /tls/server.pem\nsmtpd_tls_key_file = /tls/server.key\n"
                                + "smtpd_tls_ciphers = high\n",
                        "smtp inet n - n - - smtpd -o " + override + "\n");
        return configuration.settings().forService(configuration.services().get(0));
    }

    @Test
    void shareWhatRowsHaveInCommonAndNothingElse() throws IOException {
        ServerContext usual = contexts.of(row("smtpd_banner=x"), false);
        assertSame(usual, contexts.of(row("smtpd_banner=y"), false));
        for (String override : new String[] {
            "tls_high_cipherlist=ECDHE-RSA-AES128-GCM-SHA256", "tls_preempt_cipherlist=yes", "smtpd_tls_ciphers=medium"
        }) {
            assertNotSame(usual, contexts.of(row(override), false), override);
        }
    }
}
