// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.codec.milter.MilterCommand;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What main.cf has milters told. */
class MilterRulesTest {
    private static MilterRules rules(String... mainCf) {
        return MilterRules.ofServer(
                FakeHost.settings(mainCf), ListTables.UNOPENED, new MilterPlace(Path.of("/queue"), Runnable::run));
    }

    private static int version(String... mainCf) {
        return rules(mainCf).milters().get(0).offered().version();
    }

    @Test
    void speaksTheVersionThatIsSaidAndAMilterItsOwn() {
        String milter = "smtpd_milters = inet:127.0.0.1:1";
        assertEquals(6, version(milter));
        assertEquals(2, version(milter, "milter_protocol = 2"));
        assertEquals(4, version("smtpd_milters = { inet:127.0.0.1:1, protocol=4 }", "milter_protocol = 2"));
        assertThrows(ConfigException.class, () -> version(milter, "milter_protocol = 5"));
    }

    @Test
    void tellsTheMacrosOfMainCf() {
        MilterMacros macros = rules(
                        "milter_mail_macros = i {mail_addr} {auth_authen}", "milter_macro_daemon_name = ORIGINATING")
                .macros();
        assertEquals(List.of("i", "mail_addr", "auth_authen"), macros.namesFor(MilterCommand.MAIL, Map.of()));
        assertEquals("ORIGINATING", macros.daemonName());
        assertEquals("mx.example.org", rules().macros().daemonName());
    }
}
