// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressListTest {
    private static List<String> addresses(String text) {
        return AddressList.parse(text, 10_240).stream()
                .map(AddressList.Item::address)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "a@b|a@b",
                "a@b, c@d|a@b c@d",
                "Joe <a@b>, Jim Q. User <c@d>|a@b c@d",
                "\"Joe, Q\" <a@b> (comment, more)|a@b",
                "(x (y) \\) z) a@b|a@b",
                "list: a@b, Foo <c@d>;, e@f|a@b c@d e@f",
                "undisclosed-recipients:;|''",
                "<>|''",
                ",,;|''",
                "@r1,@r2:a@b|@r1 a@b",
                "a @ b . c|a@b.c",
                "a@[1.2.3.4], [x]|a@[1.2.3.4] [x]",
                "a b c@d|a b c@d",
                "a@b <c@d> e@f|c@d e@f",
                "x!y%z@b|x!y%z@b",
                "|''"
            })
    void findsAddresses(String text, String expected) {
        assertEquals(expected, String.join(" ", addresses(text == null ? "" : text)));
    }

    @Test
    void unquotes() {
        assertEquals(List.of("a b@c", "q\"u@x", "es\"c@y"), addresses("\"a b\"@c, \"q\\\"u\"@x, es\\\"c@y"));
    }

    @Test
    void putsNoLineEndIntoAnAddress() {
        assertEquals(List.of("aRSET@b"), addresses("a\\\nRSET@b"));
        assertEquals(List.of("foo", "bar@x"), addresses("foo\\\r\n bar@x"));
        assertEquals(List.of("aRSET@b"), addresses("\"a\r\n\\\nRSET\"@b"));
        MailAddress address = MailAddress.of("a\r\nRSET\r\n", "b\nc\0d");
        assertEquals("a??RSET??@b?c?d", address.external());
        assertEquals("a??RSET??@b?c?d", address.unquoted());
        assertEquals("b\u2028c", MailAddress.of("a", "b\u2028c").domain());
    }

    @Test
    void endsWhatIsNotClosedWithTheText() {
        assertEquals(List.of("a@b", "<c"), addresses("a@b, <c"));
        assertEquals(List.of("a@b", "open, d"), addresses("a@b, \"open, d"));
        assertEquals(List.of("a@b"), addresses("a@b, (open, d"));
        assertEquals(List.of("[open,d"), addresses("[open, d"));
    }

    @Test
    void looksAtSoManyTokensOnly() {
        assertEquals(2, AddressList.parse("a,b,c,d", 3).size());
    }

    @Test
    void tellsWhereAnAddressStands() {
        String text = "Joe <a@b>, \"c d\" @ e (x), f";
        List<AddressList.Item> items = AddressList.parse(text, 100);
        assertEquals("a@b", text.substring(items.get(0).start(), items.get(0).end()));
        assertEquals(
                "\"c d\" @ e", text.substring(items.get(1).start(), items.get(1).end()));
        assertEquals("f", text.substring(items.get(2).start(), items.get(2).end()));
    }

    @Test
    void comesToAnEndWithAnyText() {
        Random random = new Random(42);
        String alphabet = "ab@.,;:<>()[]\"\\ \t\n%!";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            int end = 0;
            for (AddressList.Item item : AddressList.parse(text.toString(), 1000)) {
                assertTrue(
                        item.start() >= end && item.end() > item.start() && item.end() <= text.length(),
                        text::toString);
                end = item.end();
            }
        }
    }
}
