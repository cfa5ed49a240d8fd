// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.restriction.RestrictionTable.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Lists of restrictions as tests write them. */
final class TestLists {
    private static final String MAIN_CF = String.join(
            "\n",
            "compatibility_level = 3.6",
            "mydestination = b.test",
            "myorigin = b.test",
            "relay_domains = relay.test",
            "mynetworks = 127.0.0.0/8",
            "recipient_delimiter = +",
            "local_recipient_maps =",
            "");

    private TestLists() {}

    /** What main.cf says in these lines, later ones winning. */
    static Settings settings(String... lines) {
        FakeHost host = new FakeHost("mx.b.test")
                .file("/c/main.cf", MAIN_CF + String.join("\n", lines) + "\n")
                .file("/c/master.cf", "smtp inet n - n - - smtpd\n");
        return Configuration.read(Path.of("/c"), host).settings();
    }

    static RestrictionParser parser(
            List<Row> rows, Map<String, List<String>> classes, ListTables tables, String... lines) {
        return new RestrictionParser(rows, classes, RestrictionParts.of(settings(lines), tables, TestSources.none()));
    }

    /** Of all rows, and with that DNS. */
    static RestrictionParser parser(FakeZone zone, ListTables tables, String... lines) {
        return new RestrictionParser(
                RestrictionTable.ROWS, Map.of(), RestrictionParts.of(settings(lines), tables, TestSources.of(zone)));
    }

    /** Delayed, the relay list first, and everybody exists. */
    static Restrictions restrictions(Map<RestrictionStage, RestrictionList> lists) {
        return new Restrictions(lists, RestrictionList.EMPTY, RestrictionList.EMPTY, true, true);
    }
}
