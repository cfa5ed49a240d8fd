// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class MilterVerdictTest {
    private static String text(String given) {
        MilterVerdict verdict = MilterVerdict.parse(given);
        assertNotNull(verdict, given);
        return verdict.text();
    }

    @Test
    void takesRepliesAsTheyAre() {
        assertEquals("550 5.7.1 no", text("550 5.7.1 no\0"));
        assertEquals("450-4.7.1 not??450 4.7.1 now", text("450-4.7.1 not\r\n450 4.7.1 now"));
        assertEquals("550 just no", text("550 just no"));
        assertEquals("550 5.7.1 100% no", text("550 5.7.1 100%% no"));
        assertEquals(
                MilterVerdict.Kind.SHUTDOWN,
                MilterVerdict.parse("421 4.7.0 bye").kind());
    }

    @Test
    void takesNoOthers() {
        for (String bad :
                List.of("", "250 fine", "55", "5x0 no", "550no", "550 4.7.1 of another class", "450 5.7.1 x")) {
            assertNull(MilterVerdict.parse(bad), bad);
        }
    }

    @Test
    void logsWithoutTheCodeBehindTheQueue() {
        assertEquals("5.7.1 Command rejected", MilterVerdict.REJECT.textWithoutCode());
        assertEquals("milter triggers HOLD action", MilterVerdict.HOLD.textWithoutCode());
    }
}
