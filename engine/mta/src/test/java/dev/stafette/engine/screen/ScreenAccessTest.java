// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.screen.ScreenAccess.Access;
import dev.stafette.engine.screen.ScreenAccess.Ruling;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenAccessTest {
    private static Ruling judge(String list, String client) {
        OpenTables tables = new OpenTables(new TableHost(
                TableTypes::open, Path.of("/"), text -> text, warning -> {}, System::nanoTime, Runnable::run));
        return ScreenAccess.of(FakeHost.settings("mynetworks = 10.0.0.0/8", "postscreen_access_list = " + list), tables)
                .judge(FakeHost.ip(client), Inquiry.BLOCKING);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permit_mynetworks | 10.1.2.3 | PERMIT",
                "permit_mynetworks | 192.0.2.7 | DUNNO",
                "permit_mynetworks, REJECT | 192.0.2.7 | REJECT",
                "dunno, reject | 192.0.2.7 | DUNNO",
                "permit, reject | 192.0.2.7 | PERMIT",
                "inline:{{192.0.2.7=reject}} | 192.0.2.7 | REJECT",
                "inline:{{192.0.2.7=dunno}} permit | 192.0.2.7 | PERMIT",
                "inline:{{192.0.2.7=permit_mynetworks,reject}} | 192.0.2.7 | REJECT",
                "inline:{{192.0.2.7=permit_mynetworks,reject}} | 192.0.2.8 | DUNNO",
                "' ' | 10.1.2.3 | DUNNO"
            })
    void goesByTheFirstWordThatDecides(String list, String client, Access access) {
        Ruling ruling = judge(list, client);
        assertEquals(access, ruling.access());
        assertNull(ruling.complaint());
    }

    @Test
    void testsAClientWhereTheListCannotBeRead() {
        assertEquals(
                new Ruling(
                        Access.DUNNO,
                        "postscreen_access_list: unknown command: nobody -- ignoring the remainder of this access list"),
                judge("nobody, reject", "192.0.2.7"));
        assertEquals(
                new Ruling(
                        Access.DUNNO,
                        "postscreen_access_list: fail:x: table lookup error"
                                + " -- ignoring the remainder of this access list"),
                judge("fail:x, reject", "192.0.2.7"));
        assertEquals(
                new Ruling(
                        Access.DUNNO,
                        "table inline:{{192.0.2.7=cidr:/x}}: lookup result \"cidr:/x\" is not allowed"
                                + " -- ignoring remainder of access list"),
                judge("inline:{{192.0.2.7=cidr:/x}}, reject", "192.0.2.7"));
    }
}
