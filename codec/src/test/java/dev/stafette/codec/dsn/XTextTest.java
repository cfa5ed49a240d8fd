// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XTextTest {
    @ParameterizedTest
    @CsvSource({"u+x@b.test, u+2Bx@b.test", "e=mc2, e+3Dmc2", "a b, a+20b", "plain, plain", "ü, +C3+BC"})
    void encodesWhatIsNotPlain(String text, String xtext) {
        assertEquals(xtext, XText.encode(text));
        assertEquals(text, XText.decode(xtext));
    }

    /** RFC 3461 §4: the digits are in upper case. */
    @ParameterizedTest
    @CsvSource({"a+", "a+2", "a+2b", "a+zz", "+"})
    void leavesWhatIsNoXText(String text) {
        assertEquals(text, XText.decode(text));
    }

    @Test
    void givesBackWhatItEncoded() {
        Random random = new Random(3461);
        for (int i = 0; i < 1000; i++) {
            String text = random.ints(random.nextInt(20), 0, 0x250)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String encoded = XText.encode(text);
            assertEquals(text, XText.decode(encoded));
            assertTrue(encoded.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '='));
        }
    }
}
