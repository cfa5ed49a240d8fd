// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is looked into of mail that the mail system writes itself. */
class CleanupServicesTest {
    private static boolean isLookedInto(String filterClass, String classes) {
        Settings settings = FakeHost.settings(
                "header_checks = inline:{ {Subject: x = DISCARD} }", "internal_mail_filter_classes = " + classes);
        OpenTables tables = new OpenTables(TestTables.realTimeHost());
        return new CleanupServices(settings, List.of(), tables, StepSources.NONE)
                        .ofOurs(settings, filterClass)
                        .checks()
                != null;
    }

    @Test
    void looksIntoWhatInternalMailFilterClassesNames() {
        assertEquals(false, isLookedInto("bounce", ""));
        assertEquals(true, isLookedInto("bounce", "bounce"));
        assertEquals(true, isLookedInto("notify", "bounce, notify"));
        assertEquals(false, isLookedInto("notify", "bounce"));
        assertThrows(ConfigException.class, () -> isLookedInto("bounce", "reports"));
    }
}
