// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTemplatesTest {
    private static String from(DsnKind kind, String... mainCf) {
        Settings settings = FakeHost.settings(mainCf);
        List<String> warnings = new ArrayList<>();
        ReportWording wording = ReportTemplates.of(settings, warnings::add)
                .wordings(settings, warnings::add)
                .get(kind);
        assertEquals(List.of(), warnings);
        assertNotNull(wording);
        return wording.from();
    }

    @Test
    void nameWhoReportsAsHeaderFromFormatHasIt() {
        for (DsnKind kind : DsnKind.values()) {
            assertEquals("Mail Delivery System <MAILER-DAEMON>", from(kind));
            assertEquals("MAILER-DAEMON (Mail Delivery System)", from(kind, "header_from_format = obsolete"));
        }
    }
}
