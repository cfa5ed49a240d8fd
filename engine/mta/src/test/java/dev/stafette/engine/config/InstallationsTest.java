// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.Sections;
import dev.stafette.engine.pipe.PipeSettings;
import dev.stafette.engine.pipe.SpawnServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What public installations of Postfix set and have in master.cf (issues 11, 13): all of it is there, or has its reason. */
class InstallationsTest {
    private static final Path INSTALLATIONS = Path.of("src/test/resources/dev/stafette/engine/config/installations");
    private static final Path README = Path.of("..", "..", "conf", "README.md");

    private static Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(INSTALLATIONS.resolve("names.txt"))) {
            if (!line.startsWith("#") && !line.startsWith("[") && !line.isEmpty()) {
                names.addAll(List.of(line.split(" ")));
            }
        }
        // Of lmtp_..., some set this and some that.
        for (Parameter parameter : Parameters.table().all()) {
            if (parameter.name().startsWith("lmtp_")) {
                names.add(parameter.name());
            }
        }
        return names;
    }

    @Test
    void eachNameIsInForceOrHasItsReasonInTheReference() throws IOException {
        List<String> missing = new ArrayList<>();
        String reference = Files.readString(README);
        for (String name : names()) {
            ParameterUse use = ParameterUse.of(name, Set.of());
            boolean isThere = use == ParameterUse.IN_USE || use == ParameterUse.NO_MEANING;
            if (!isThere || !reference.contains("`" + name + "`")) {
                missing.add(name + ": " + use);
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(names().size() > 150);
    }

    @Test
    void rowsStartWithoutAWarning() throws IOException {
        Configuration configuration = new FakeHost("mx.example.org")
                .configuration(
                        "dovecot_destination_recipient_limit = 1\npolicyd-spf_time_limit = 3600\n",
                        Files.readString(INSTALLATIONS.resolve("master.cf")));
        assertEquals(List.of(), configuration.check(Sections::check));
        configuration.services().forEach(PipeSettings::check);
        SpawnServices.check(configuration);
    }

    /** Work that one part does for all has no settings by row. */
    @Test
    void warnsOfWhatARowSaysInVain() {
        assertEquals(
                List.of(
                        "/etc/stafette/master.cf:2: service 'defer/unix': -o delay_notice_recipient has no effect:"
                                + " what main.cf says holds, or the row 'bounce'",
                        "/etc/stafette/master.cf:3: service 'flush/unix': -o fast_flush_domains has no effect:"
                                + " what main.cf says holds",
                        "/etc/stafette/master.cf:4: service 'tlsmgr/unix': -o smtpd_tls_session_cache_timeout has no"
                                + " effect: what main.cf says holds"),
                FakeHost.check("", """
                    bounce unix - - n - 0 bounce -o delay_notice_recipient=d
                    defer unix - - n - 0 bounce -o delay_notice_recipient=d -o syslog_name=d -o smtpd_banner=d
                    flush unix n - n 1000? 0 flush -o fast_flush_domains=a.test
                    tlsmgr unix - - n 1000? 1 tlsmgr -o smtpd_tls_session_cache_timeout=1h
                    """));
    }
}
