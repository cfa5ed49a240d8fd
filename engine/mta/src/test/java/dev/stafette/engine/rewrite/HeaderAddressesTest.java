// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressField;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.rewrite.HeaderAddresses.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderAddressesTest {
    private static final int TOKENS_MAX = 10_240;

    private static final String[] WORDS = {
        "a@x.test",
        "b",
        "\"c d\"@y.test",
        ", ",
        ",",
        " ",
        "\r\n ",
        "(e@f.test)",
        "\"G, H\" ",
        "=?utf-8?q?J=C3=B6?= ",
        "grp: ",
        ";",
        "u@[192.0.2.1]",
        "i%j",
        "k!l",
        "\u00f6@z.test",
        "<m@n.test>",
        "<@o.test,@p.test:q@r.test>"
    };

    private static final String[] RUBBISH = {
        "a@x.test",
        "b",
        "<",
        ">",
        ",",
        ":",
        "(",
        ")",
        "\"",
        "\\",
        "@",
        ".",
        "[",
        "]",
        " ",
        "\r\n\t",
        "@r.test:",
        "\u0000",
        "\u00f6"
    };

    private static String text(Random random, String[] pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static String rewritten(String value, UnaryOperator<MailAddress> exchange) {
        List<Field> changed = HeaderAddresses.rewritten(
                List.of(new Field(0, AddressUse.HEADER_SENDER, "From:".length(), value)),
                TOKENS_MAX,
                (address, use) -> exchange.apply(address));
        return changed.isEmpty() ? value : changed.get(0).value().substring(1);
    }

    private static MailAddress moved(MailAddress address) {
        return MailAddress.of(address.localPart(), "new.test");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "u@x.test|u@new.test",
                "\"A, B\" <u@x.test>, v@x.test (c, d@e)|\"A, B\" <u@new.test>, v@new.test (c, d@e)",
                "=?utf-8?q?J=C3=B6=2C?= <u@x.test>|=?utf-8?q?J=C3=B6=2C?= <u@new.test>",
                "grp: u@x.test, v@x.test;, w@x.test|grp: u@new.test, v@new.test;, w@new.test",
                "<@a.test,@b.test:u@x.test>|<u@new.test>",
                "Joe <@a.test:u@x.test> (x)|Joe <u@new.test>(x)",
                "@a.test:u@x.test|u@new.test",
                "\"a b\"@x.test|\"a b\"@new.test",
                "u@[192.0.2.1]|u@new.test",
                "undisclosed-recipients:;|undisclosed-recipients:;",
                "<>|<>"
            })
    void exchangesTheAddressAndNothingElse(String value, String expected) {
        assertEquals(expected, rewritten(value, HeaderAddressesTest::moved));
    }

    /** Each address that was there has its successor there, in the same order, and nothing else is an address. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losesNoAddressOfAnyField(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            String value = text(random, WORDS);
            assertEquals(
                    addresses(value, HeaderAddressesTest::moved),
                    addresses(rewritten(value, HeaderAddressesTest::moved), address -> address),
                    () -> "seed " + seed + ": " + value);
        }
    }

    /** Whatever stands there: it ends, and does not grow without bound. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void livesWithFieldsThatAreNone(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            String value = text(random, RUBBISH);
            String changed = rewritten(value, HeaderAddressesTest::moved);
            assertTrue(changed.length() <= value.length() * 20 + 20, () -> "seed " + seed + ": " + value);
        }
    }

    private static List<String> addresses(String value, UnaryOperator<MailAddress> exchange) {
        List<String> addresses = new ArrayList<>();
        AddressField.parse(value, TOKENS_MAX).exchange(address -> {
            addresses.add(exchange.apply(address).external());
            return address;
        });
        return addresses;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1000})
    void looksAtSoManyWordsAndNoMore(int tokensMax) {
        String value = "u@x.test, ".repeat(5000);
        List<Field> changed = HeaderAddresses.rewritten(
                List.of(new Field(0, AddressUse.HEADER_SENDER, "From:".length(), value)),
                tokensMax,
                (address, use) -> moved(address));
        int count = changed.isEmpty() ? 0 : changed.get(0).value().split("new.test", -1).length - 1;
        assertTrue(count <= tokensMax, () -> "tokens " + tokensMax);
    }
}
