// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeHost;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogSettingsTest {
    private static final LogSettings SETTINGS = LogSettings.of(new FakeHost("mx.example.org")
            .configuration("syslog_name = mail", """
                cleanup unix n - n - 0 cleanup -o syslog_name=own/$service_name
                sub-cleanup unix n - n - 0 cleanup -o syslog_name=sub
                qmgr fifo n - n 300 1 qmgr -o syslog_name=queue
                bounce unix - - n - 0 bounce
                """)
            .settings());

    private static void assertHead(String expected, LogSettings settings, String program) {
        String head = new String(settings.head(program), StandardCharsets.UTF_8);
        assertTrue(head.startsWith(" mx " + expected + "["), head);
    }

    @Test
    void callsProgramsThatAllHaveInCommonAsTheirRowsSay() {
        assertHead("own/cleanup/cleanup", SETTINGS, "cleanup");
        assertHead("queue/qmgr", SETTINGS, "qmgr");
        assertHead("mail/bounce", SETTINGS, "bounce");
        assertHead("mail/smtpd", SETTINGS, "smtpd");
    }

    @Test
    void callsAProgramOfManyRowsAsEachOfThemSays() {
        assertHead("one/smtpd", SETTINGS.withSyslogName("one"), "smtpd");
    }
}
