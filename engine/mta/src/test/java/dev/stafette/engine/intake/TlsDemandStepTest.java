// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.engine.config.FakeHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsDemandStepTest {
    private static final IntakeSettings SETTINGS = new IntakeSettings("mx", 50, 102_400);

    /** {@code demand > header}: what came with the envelope and what becomes of it. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        SMTP;       NONE;     A: b||t|.|;                              NONE;     A: b||t|.|
        SMTP;       REQUIRED; A: b||t|.|;                              REQUIRED; A: b|Require-TLS-ESMTP: yes||t|.|
        SMTP;       NONE;     require-tls-esmtp:  YES|A: b||t|.|;      REQUIRED; require-tls-esmtp:  YES|A: b||t|.|
        SMTP;       REQUIRED; Require-TLS-ESMTP: yes||t|.|;            REQUIRED; Require-TLS-ESMTP: yes||t|.|
        SMTP;       NONE;     Require-TLS-ESMTP: no||t|.|;             NONE;     Require-TLS-ESMTP: no||t|.|
        SMTP;       NONE;     A: b|TLS-Required: No||t|.|;             WAIVED;   A: b|TLS-Required: No||t|.|
        SUBMISSION; NONE;     tls-required:|  no ||t|.|;               WAIVED;   tls-required:|  no ||t|.|
        SMTP;       NONE;     TLS-Required: Yes|TLS-Required: No||t|.|; NONE;    TLS-Required: Yes|TLS-Required: No||t|.|
        SMTP;       REQUIRED; TLS-Required: No|Require-TLS-ESMTP: yes||t|.|; REQUIRED; TLS-Required: No|Require-TLS-ESMTP: yes||t|.|
        SMTP;       NONE;     TLS-Required: No|Require-TLS-ESMTP: yes||t|.|; REQUIRED; TLS-Required: No|Require-TLS-ESMTP: yes||t|.|
        REPORT;     WAIVED;   A: b||t|.|;                              WAIVED;   A: b|TLS-Required: No||t|.|
        FORWARD;    WAIVED;   A: b||t|.|;                              WAIVED;   A: b||t|.|
        """)
    void readsAndWritesWhatAHeaderSays(
            Entrance entrance, TlsDemand before, String header, TlsDemand after, String written) {
        StepFixture.Applied applied = StepFixture.apply(
                new TlsDemandStep(true, true, true), SETTINGS, entrance, before, header.replace("|", "\r\n"));
        assertEquals(after, applied.envelope().tls());
        assertEquals(written.replace("|", "\r\n"), applied.message());
    }

    @Test
    void heedsNeitherWhereItIsNotToldTo() {
        String both = "TLS-Required: No\r\nRequire-TLS-ESMTP: yes\r\n\r\n.\r\n";
        assertEquals(TlsDemand.REQUIRED, demand("requiretls_enable = yes", both));
        assertEquals(TlsDemand.WAIVED, demand("requiretls_enable = no", both));
        assertEquals(TlsDemand.WAIVED, demand("requiretls_enable = yes\nrequiretls_esmtp_header = no", both));
        assertEquals(TlsDemand.NONE, demand("tls_required_enable = no", both));
        assertNull(TlsDemandStep.of(FakeHost.settings("tls_required_enable = no", "requiretls_esmtp_header = no")));
    }

    private static TlsDemand demand(String mainCf, String header) {
        TlsDemandStep step = TlsDemandStep.of(FakeHost.settings(mainCf));
        assertNotNull(step);
        return StepFixture.apply(step, SETTINGS, Entrance.SMTP, TlsDemand.NONE, header)
                .envelope()
                .tls();
    }

    /** A row of master.cf has taken it. */
    @Test
    void marksWhatHasComeWithItWhateverMainCfSays() {
        TlsDemandStep step = TlsDemandStep.of(FakeHost.settings("requiretls_enable = no"));
        assertNotNull(step);
        assertEquals(
                "A: b\r\nRequire-TLS-ESMTP: yes\r\n\r\n.\r\n",
                StepFixture.apply(step, SETTINGS, Entrance.SMTP, TlsDemand.REQUIRED, "A: b\r\n\r\n.\r\n")
                        .message());
    }
}
