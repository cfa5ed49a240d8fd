// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.config.syntax.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4PatternTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.2, 127.0.0.2, true",
        "127.0.0.2, 127.0.0.3, false",
        "127.0.0.[2;4..6], 127.0.0.2, true",
        "127.0.0.[2;4..6], 127.0.0.3, false",
        "127.0.0.[2;4..6], 127.0.0.4, true",
        "127.0.0.[2;4..6], 127.0.0.6, true",
        "127.0.0.[2;4..6], 127.0.0.7, false",
        "127.[0..255].0.2, 127.9.0.2, true",
        "127.0.0.2, ::1, false",
        "127.0.0.2, 127.0.0, false",
        "127.0.0.2, 127.0.0.x, false",
    })
    void matchesNumbersAndRanges(String pattern, String address, boolean matches) {
        assertEquals(matches, Ipv4Pattern.parse(pattern).matches(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.[3.4]",
                "1.2.3.3[6..9]",
                "1.2.3.[]",
                "1.2.3.[1,2]",
                "1.2.3.[5..3]",
                "1.2.3.[1..]",
                "1.2.3.[4",
                "a.2.3.4"
            })
    void refusesWhatIsNoPattern(String text) {
        assertThrows(ConfigException.class, () -> Ipv4Pattern.parse(text));
    }
}
