// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.delivery.tls.TlsLogLevel;
import dev.stafette.engine.config.FakeHost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLevelsTest {
    private final List<String> warnings = new ArrayList<>();

    private TlsLogLevel of(String text) {
        return LogLevels.of(FakeHost.settings("smtpd_tls_loglevel = " + text), "smtpd_tls_loglevel", warnings::add);
    }

    @Test
    void areReadAsPostfixReadsThem() {
        assertEquals(TlsLogLevel.NONE, LogLevels.of(FakeHost.settings(), "smtpd_tls_loglevel", warnings::add));
        assertEquals(TlsLogLevel.SUMMARY, of("1"));
        assertEquals(TlsLogLevel.SUMMARY, of("none, Summary"));
        assertEquals(List.of(), warnings);
    }

    @Test
    void areNothingButAWarningWithAWordThatIsNone() {
        assertEquals(TlsLogLevel.NONE, of("summary, nonsense"));
        assertEquals(List.of("unknown smtpd_tls_loglevel value \"nonsense\" in \"summary, nonsense\""), warnings);
    }
}
