// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

class NextHopTest {
    private static int port(String text) {
        switch (text) {
            case "submission":
                return 587;
            case "smtps":
                return 465;
            default:
                return text.matches("[0-9]+") && Integer.parseInt(text) < 65_536 ? Integer.parseInt(text) : -1;
        }
    }

    private static NextHop parse(String text) {
        NextHop hop = NextHop.parse(text, 25, NextHopTest::port);
        assertNotNull(hop, text);
        return hop;
    }

    @Test
    void readsEveryForm() {
        assertEquals(new NextHop("b.test", 25, true), parse("B.test"));
        assertEquals(new NextHop("b.test", 25, true), parse("b.test."));
        assertEquals(new NextHop("b.test", 2525, true), parse("b.test:2525"));
        assertEquals(new NextHop("b.test", 25, false), parse("[b.test]"));
        assertEquals(new NextHop("b.test", 587, false), parse("[b.test]:submission"));
        assertEquals(new NextHop("192.0.2.1", 465, false), parse("[192.0.2.1]:smtps"));
        assertEquals(new NextHop("2001:db8::1", 26, false), parse("[IPv6:2001:DB8::1]:26"));
        assertEquals(new NextHop("::1", 25, false), parse("[::1]"));
        assertEquals(new NextHop("xn--bcher-kva.test", 25, true), parse("bücher.test"));
        assertEquals(new NextHop("xn--strae-oqa.test", 25, true), parse("straße.test"));
    }

    @Test
    void knowsAnAddressWhenItSeesOne() {
        assertNotNull(parse("[192.0.2.1]").literal());
        assertNotNull(parse("[::1]").literal());
        assertNull(parse("[b.test]").literal());
        assertNull(parse("300.1.1.1").literal());
    }

    @Test
    void refusesWhatIsNoNextHop() {
        for (String text : List.of(
                "",
                "[",
                "[]",
                "[b.test",
                "b.test:",
                "b.test:0",
                "b.test:65536",
                "b.test:x",
                "[b.test]25",
                "::1",
                "a..b",
                ".b",
                "a b",
                ":25",
                "x".repeat(64) + ".test",
                "a.".repeat(127) + "toolong")) {
            assertNull(NextHop.parse(text, 25, NextHopTest::port), text);
        }
    }
}
