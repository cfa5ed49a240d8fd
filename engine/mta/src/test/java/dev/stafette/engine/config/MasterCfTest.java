// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.ServiceRow.Type;
import dev.stafette.engine.config.syntax.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MasterCfTest {
    private static MasterCf parse(String... lines) {
        return MasterCf.parse("master.cf", String.join("\n", lines));
    }

    private static ServiceRow row(String line) {
        return parse(line).rows().iterator().next();
    }

    @Test
    void takesDashesForTheDefaults() {
        ServiceRow row = row("relay unix - - - - - smtp");
        assertTrue(row.isPrivate());
        assertTrue(row.isUnprivileged());
        assertFalse(row.isChrooted());
        assertEquals(0, row.wakeupSeconds());
        assertEquals(ServiceRow.PROCESSES_DEFAULT, row.processesMax());
        assertEquals("smtp", row.command());
        assertEquals("master.cf:1", row.origin());
    }

    @Test
    void readsEveryColumn() {
        ServiceRow row = row("flush unix n n y 1000? 0 flush -v");
        assertEquals(Type.UNIX, row.type());
        assertFalse(row.isPrivate());
        assertFalse(row.isUnprivileged());
        assertTrue(row.isChrooted());
        assertEquals(1000, row.wakeupSeconds());
        assertTrue(row.wakeupIfUsed());
        assertEquals(0, row.processesMax());
        assertTrue(row.isVerbose());
        assertEquals(
                Type.UNIX_DGRAM, row("postlog unix-dgram n - n - 1 postlogd").type());
    }

    @Test
    void readsOverridesOfBothForms() {
        ServiceRow row = row("""
                127.0.0.1:10025 inet n - n - - smtpd
                    -o content_filter=
                # a comment
                    -o { smtpd_banner = $myhostname ESMTP } -o smtpd_timeout=30s""");
        assertEquals(
                Map.of("content_filter", "", "smtpd_banner", "$myhostname ESMTP", "smtpd_timeout", "30s"),
                row.overrides());
        assertEquals(List.of(), row.arguments());
    }

    @Test
    void keepsArgumentsInBracesTogether() {
        ServiceRow row =
                row("maildrop unix - n n - 10 pipe flags=DRhu user=vmail argv=/bin/deliver { a b } ${recipient}");
        assertEquals(List.of("flags=DRhu", "user=vmail", "argv=/bin/deliver", "a b", "${recipient}"), row.arguments());
    }

    @Test
    void keepsSeveralRowsOfOneServer() {
        MasterCf masterCf = parse("smtp inet n - n - - smtpd", "587 inet n - n - - smtpd", "smtp unix - - n - - smtp");
        assertEquals(3, masterCf.rows().size());
        assertNotNull(masterCf.find("smtp", Type.INET));
        assertNotNull(masterCf.find("smtp", Type.UNIX));
    }

    @Test
    void takesTheLastOfTwoAndWarns() {
        MasterCf masterCf = parse("smtp inet n - n - 1 smtpd", "smtp inet n - n - 2 smtpd");
        assertEquals(1, masterCf.rows().size());
        assertEquals(List.of("master.cf:2: overriding earlier entry: smtp/inet of master.cf:1"), masterCf.warnings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        smtp inet n - n -               | master.cf:2: 6 columns (expected: service type private unpriv chroot wakeup maxproc command [arguments])
        smtp tcp n - n - - smtpd        | master.cf:2: service 'smtp': type: tcp (expected: inet, unix, unix-dgram, fifo or pass)
        smtp inet - - n - - smtpd       | master.cf:2: service 'smtp': private: - (expected: n, as the type is inet)
        smtp inet n x n - - smtpd       | master.cf:2: service 'smtp': unpriv: x (expected: y, n or -)
        qmgr unix n - n soon 1 qmgr     | master.cf:2: service 'qmgr': wakeup: soon (expected: 0 or more, or -)
        smtp unix - - n - -1 smtp       | master.cf:2: service 'smtp': maxproc: -1 (expected: 0 or more, or -)
        smtp unix - - n - - smtp -o     | master.cf:2: service 'smtp': -o: nothing (expected: name=value or { name = value })
        smtp unix - - n - - smtp -o x   | master.cf:2: service 'smtp': -o: x (expected: name=value or { name = value })
        smtp unix - - n - - smtp -o {x  | master.cf:2: missing '}' in "{x"
        """)
    void refusesRowsThatSayNoService(String line, String message) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> parse("# head", line)).getMessage());
    }
}
