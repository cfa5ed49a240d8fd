// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedAddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|a@b|a@b",
                "Joe User|Joe User <a@b>|a@b (Joe User)",
                "Joe Q. User|\"Joe Q. User\" <a@b>|a@b (Joe Q. User)",
                "Joe \"Q\" (x)|\"Joe \\\"Q\\\" (x)\" <a@b>|a@b (Joe \"Q\" \\(x\\))",
                "J\u00f6|=?utf-8?B?SsO2?= <a@b>|a@b (=?utf-8?B?SsO2?=)"
            })
    void putsTheNameWhereItBelongs(String name, String standard, String obsolete) {
        assertEquals(standard, NamedAddress.format(name, "a@b", false));
        assertEquals(obsolete, NamedAddress.format(name, "a@b", true));
    }

    @Test
    void splitsALongNameIntoEncodedWords() {
        String text = NamedAddress.format("\u20ac\ud83d\ude00".repeat(20), "a@b", false);
        for (String word : text.split(" ")) {
            assertTrue(word.length() <= 75, word);
        }
    }

    @Test
    void letsNoLineEndThrough() {
        assertEquals("a  b <c@d>", NamedAddress.format("a\r\nb", "c@d", false));
    }
}
