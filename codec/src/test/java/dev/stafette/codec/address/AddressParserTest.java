// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressParserTest {
    private static @Nullable MailAddress read(String path, boolean strict) {
        byte[] in = ("xx" + path).getBytes(StandardCharsets.UTF_8);
        AddressParser parser = new AddressParser(strict, AddressAllowances.NONE);
        return parser.parse(in, 2, in.length) && parser.end() == in.length ? parser.address() : null;
    }

    private static @Nullable MailAddress lenient(String path) {
        return read(path, false);
    }

    /** Of a path that is one. */
    private static MailAddress good(String path) {
        return Objects.requireNonNull(lenient(path), path);
    }

    private static @Nullable MailAddress strict(String path) {
        return read(path, true);
    }

    /** Path, local part, domain. What Postfix makes of these was seen on the wire. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "<A.b@a.test>| A.b| a.test",
                "<a+tag=x@A.Test>| a+tag=x| A.Test",
                "<postmaster>| postmaster| ~~",
                "<u%r.test@b.test>| u%r.test| b.test",
                "<r.test!u>| r.test!u| ~~",
                "<\"a b\"@b.test>| a b| b.test",
                "<\"a@c\"@b.test>| a@c| b.test",
                "<\"a\\\"b\"@b.test>| a\"b| b.test",
                "<\"a\\bc\"@b.test>| abc| b.test",
                "<\"a<b>c\"@b.test>| a<b>c| b.test",
                "<\"u\"@b.test>| u| b.test",
                "<\"a\".b@b.test>| a.b| b.test",
                "<a.\"b c\"@b.test>| a.b c| b.test",
                "<a@b@a.test>| a@b| a.test",
                "<a:b@a.test>| a:b| a.test",
                "<a..b@a.test>| a..b| a.test",
                "<.a@a.test>| .a| a.test",
                "<a.@a.test>| a.| a.test",
                "<a\\b@a.test>| ab| a.test",
                "<a\\\"b@a.test>| a\"b| a.test",
                "< a@a.test >| a| a.test",
                "<a @ a.test>| a| a.test",
                "<a@a.test.>| a| a.test.",
                "<a@a_b.test>| a| a_b.test",
                "<\"a\tb\"@a.test>| a b| a.test",
                "<a@x\\y.test>| a| xy.test",
                "<a@\"x\".test>| a| x.test",
                "<a@[127.0.0.1>| a| [127.0.0.1]",
                "<a@[127.0.0.1].>| a| [127.0.0.1]",
                "<[1.2.3.4]>| [1.2.3.4]| ~~",
                "<a<b@a.test>| a<b| a.test",
                "<a)b@a.test>| a)b| a.test",
                "<a@b.test@>| a@b.test| ~~",
                "<a@_x.test>| a| _x.test",
                "<a@x>| a| x",
                "<@r1.test,@r2.test:u@b.test>| u| b.test",
                "<@r1.test:u@b.test>| u| b.test",
                "<u@[127.0.0.1]>| u| [127.0.0.1]",
                "<u@[IPv6:::1]>| u| [IPv6:::1]",
                "<u@[ipv6:fe80::1]>| u| [ipv6:fe80::1]",
                "<u@[IPv6:::ffff:1.2.3.4]>| u| [IPv6:::ffff:1.2.3.4]",
                "<u@[IPv6:1:2:3:4:5:6:7:8]>| u| [IPv6:1:2:3:4:5:6:7:8]",
                "<u@[IPv6:1:2:3:4:5:6:1.2.3.4]>| u| [IPv6:1:2:3:4:5:6:1.2.3.4]",
                "<δοκιμή@a.test>| δοκιμή| a.test",
                "<δ@δ.test>| δ| δ.test"
            })
    void readsInBothModes(String path, String localPart, String domain) {
        for (MailAddress address : new MailAddress[] {lenient(path), strict(path)}) {
            assertEquals(MailAddress.of(localPart, domain), address);
            assertEquals(localPart, address.localPart());
            assertEquals(domain, address.domain());
            assertEquals(MailAddress.of(localPart, domain).external(), address.external());
        }
    }

    /** Brackets within brackets are nothing beside the address. */
    @ParameterizedTest
    @ValueSource(strings = {"<<a@a.test>>", "<a@a.test>>"})
    void passesOverSuperfluousBrackets(String path) {
        assertEquals(MailAddress.of("a", "a.test"), lenient(path));
        assertEquals(MailAddress.of("a", "a.test"), strict(path));
    }

    /** A sender may be nobody; that a recipient may not is the caller's business. */
    @ParameterizedTest
    @ValueSource(strings = {"()", "\"\"", ",", "<()>", "<\"\">", "<<>>"})
    void findsNobodyWhereNoWordIs(String path) {
        assertEquals(MailAddress.NULL, lenient(path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a@a.test| a| a.test",
                "\"a b\"@a.test| a b| a.test",
                "<@a.test>| ~~| a.test",
                "<a(x)@a.test>| a| a.test",
                "<a(x(y) \\)) (z)@a.test>| a| a.test",
                "<(x)a@a.test>| a| a.test",
                "<a(b@a.test>| a| ~~",
                "a@a.test>| a| a.test",
                "Foo <a@a.test>| a| a.test",
                "\"Foo, Bar\" <a@a.test>| a| a.test",
                "group: a@a.test;| a| a.test",
                "<group: a@a.test;>| a| a.test",
                ",<a@a.test>,| a| a.test",
                "<a@a.test>(x)| a| a.test",
                "<Foo Bar <a@a.test>>| a| a.test",
                "<@r1.test:@r2.test:u@b.test>| u| b.test"
            })
    void readsMoreWhenLenient(String path, String localPart, String domain) {
        assertEquals(MailAddress.of(localPart, domain), lenient(path));
        assertNull(strict(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a@a.test>x",
                "<a@a.test>BODY=7BIT",
                "'<a@a.test>'",
                "<<<a@a.test>>>",
                "<a b@a.test>",
                "<a@>",
                "<@>",
                "<a\"b\"@a.test>",
                "<\"a\"\"b\"@a.test>",
                "<a,b@a.test>",
                "<a;b@a.test>",
                "<a[b]c@a.test>",
                "<a@a..test>",
                "<a@.test>",
                "<a@-a.test>",
                "<a@a-.test>",
                "<a@a.-test>",
                "<a@a!b.test>",
                "<a@a/b.test>",
                "<a@a b>",
                "<a@a.test,b@a.test>",
                "<a@x\"y\".test>",
                "<a@..>",
                "<a@.>",
                "<a@127.0.0.1>",
                "<a@1.2.3>",
                "<a@123>",
                "<a@[]>",
                "<a@[300.1.1.1]>",
                "<a@[127.0.0.1].test>",
                "<a@[::1]>",
                "<a@[1.2.3]>",
                "<a@[1.2.3.4.5]>",
                "<a@[1.2.3.]>",
                "<a@[.1.2.3]>",
                "<a@[01.2.3.4]>",
                "<a@[1.2.3.4x]>",
                "<a@[IPv6:]>",
                "<a@[IPv6::]>",
                "<a@[IPv6:1.2.3.4]>",
                "<a@[IPv6:1:2:3:4:5:6:7]>",
                "<a@[IPv6:1::2::3]>",
                "<a@[IPv6:1:2:3:4:5:6:7:8:9]>",
                "<a@[IPv6::::1]>",
                "<a@[IPv6:12345::]>",
                "<a@[IPv6:g::]>",
                "<a@[IPv6:1:]>",
                "<a@[x-tag:foo]>",
                "<a\0b@a.test>",
                "<\"a\0b\"@a.test>",
                "<a\u0001b@a.test>",
                "<a\u007f@a.test>",
                "<a\u0085@a.test>",
                "<a\u2028@a.test>",
                "<a@\u03b4\u2028.test>",
                "<a@\u00ad>"
            })
    void refusesInBothModes(String path) {
        assertNull(lenient(path));
        assertNull(strict(path));
    }

    @Test
    void knowsTheNullPath() {
        assertTrue(good("<>").isNull());
        assertEquals(MailAddress.NULL, strict("<>"));
        assertTrue(good("< >").isNull());
    }

    @Test
    void printsWithQuotesOnlyWhereNeeded() {
        assertEquals("\"a b\"@b.test", good("<\"a b\"@b.test>").external());
        assertEquals("\"a@b\"@a.test", good("<a@b@a.test>").external());
        assertEquals("\"a\\\"b\"@b.test", good("<a\\\"b@b.test>").external());
        assertEquals("u@b.test", good("<\"u\"@b.test>").external());
        assertEquals("\".a\"@b.test", good("<.a@b.test>").external());
    }

    @Test
    void keepsTheLimits() {
        String label = "d".repeat(59) + ".";
        String domain255 = label.repeat(4) + "d".repeat(10) + ".test";
        assertEquals(255, domain255.length());
        assertEquals(domain255, good("<u@" + domain255 + ">").domain());
        assertEquals(
                domain255, good("<" + "l".repeat(64) + "@" + domain255 + ">").domain());
        assertNull(lenient("<u@d" + domain255 + ">"));
        // The command line alone limits the local part, as for Postfix.
        assertEquals(1000, good("<" + "l".repeat(1000) + "@x.test>").localPart().length());
        assertEquals(
                300, good("<\"" + "l ".repeat(150) + "\"@x.test>").localPart().length());
        assertNull(lenient("<u@" + "d".repeat(64) + ".test>"));
    }

    @Test
    void tellsWherePlainPathsEnd() {
        for (String path : new String[] {"<a@a.test>", "a@a.test", "<>"}) {
            byte[] in = (path + " SIZE=1").getBytes(StandardCharsets.UTF_8);
            AddressParser parser = new AddressParser(false, AddressAllowances.NONE);
            assertTrue(parser.parsePlain(in, 0, in.length));
            assertEquals(path.length(), parser.end());
        }
    }

    @Test
    void tellsWhatIsNotAscii() {
        AddressParser parser = new AddressParser(false, AddressAllowances.NONE);
        byte[] local = "<δ@a.test>".getBytes(StandardCharsets.UTF_8);
        assertTrue(parser.parse(local, 0, local.length));
        assertFalse(parser.isAscii() || parser.hasInternationalDomain());
        byte[] domain = "<a@δ.test>".getBytes(StandardCharsets.UTF_8);
        assertTrue(parser.parse(domain, 0, domain.length));
        assertTrue(parser.hasInternationalDomain());
        byte[] ascii = "<a@a.test>".getBytes(StandardCharsets.UTF_8);
        assertTrue(parser.parse(ascii, 0, ascii.length));
        assertTrue(parser.isAscii() && !parser.hasInternationalDomain());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<a\u00ff@a.test>", "<a\u00c0\u0080@a.test>", "<a\u00ed\u00a0\u0080@a.test>", "<a@\u00ce.test>"})
    void refusesBadUtf8(String latin1) {
        byte[] in = latin1.getBytes(StandardCharsets.ISO_8859_1);
        assertFalse(new AddressParser(false, AddressAllowances.NONE).parse(in, 0, in.length));
    }

    @Test
    void readsAddressesFromFiles() {
        assertEquals(MailAddress.of("a", "a.test"), AddressParser.parse(" a@a.test "));
        assertEquals(MailAddress.of("a", "a.test"), AddressParser.parse("<a@a.test>"));
        assertEquals(MailAddress.of("a", "a.test"), AddressParser.parse("A Name <a@a.test>"));
        assertEquals(MailAddress.of("root", ""), AddressParser.parse("root"));
        assertNull(AddressParser.parse("a b"));
    }

    @Test
    void readsBackWhatItPrints() {
        Random random = new Random(11);
        String[] parts = {
            "a", "b", ".", "@", "\"", "\\", " ", "<", ">", "(", ")", "[", "]", ":", ",", "δ", "a.test", "-", "\t", "\0"
        };
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder path = new StringBuilder("<");
            for (int i = random.nextInt(12); i > 0; i--) {
                path.append(parts[random.nextInt(parts.length)]);
            }
            MailAddress address = lenient(
                    path.append(random.nextInt(8) == 0 ? "" : "@a.test>").toString());
            // A domain that is missed, and stands in the local part, is for the rewriter to find.
            boolean complete = address != null
                    && (!address.domain().isEmpty() || address.localPart().indexOf('@') < 0);
            if (address != null && complete) {
                read++;
                assertEquals(address, lenient("<" + address.external() + ">"), path.toString());
                boolean routed = address.localPart().startsWith("@")
                        || address.external().startsWith("\"\"");
                if (!routed) {
                    assertEquals(address, strict("<" + address.external() + ">"), path.toString());
                }
            }
        }
        assertTrue(read > 500, "read " + read);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        <u@192.0.2.1>    | u@[192.0.2.1]
        <u@>             | u@here.test
        <u@@>            | -
        <u@300.0.2.1>    | -
        <u@1.2.3>        | -
        <u@a.test>       | u@a.test
        <u%a.test@>      | u%a.test
        """)
    void readsEmptyAndNumericDomainsWhereTheyAreAllowed(String path, @Nullable String expected) {
        AddressParser parser = new AddressParser(false, new AddressAllowances(false, true, "here.test"));
        byte[] in = path.getBytes(StandardCharsets.US_ASCII);
        boolean isRead = parser.parse(in, 0, in.length);
        assertEquals(expected, isRead ? parser.address().external() : null);
    }

    /** It remembers some, so as not to make them anew; what it says must not depend on that. */
    @Test
    void readsEachAsIfItWereTheFirst() {
        String[] locals = {"a", "b", "ab", "u1", "u2", "U1", "a.b", "\"a b\""};
        String[] domains = {"a.test", "b.test", "A.test", "a.tes", "aa.test", "9", "-a.test", "[127.0.0.1]", "ä.test"};
        AddressParser used = new AddressParser(false, AddressAllowances.NONE);
        Random random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            String path =
                    "<" + locals[random.nextInt(locals.length)] + "@" + domains[random.nextInt(domains.length)] + ">";
            byte[] in = path.getBytes(StandardCharsets.UTF_8);
            MailAddress expected = lenient(path);
            assertEquals(expected != null, used.parse(in, 0, in.length), path);
            if (expected != null) {
                assertEquals(expected.external(), used.address().external(), path);
                assertEquals(expected.localPart(), used.address().localPart(), path);
                assertEquals(expected.domain(), used.address().domain(), path);
                assertEquals(path.contains("ä"), used.hasInternationalDomain(), path);
            }
        }
    }
}
