// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.delivery.tls.TlsLogLevel.Part;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsLogLevelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0                        | []",
                "none                     | []",
                "1                        | [SUMMARY]",
                "Routine                  | [SUMMARY]",
                "2                        | [SUMMARY, VERBOSE, CACHE, DEBUG]",
                "9                        | [SUMMARY, VERBOSE, CACHE, DEBUG]",
                "ssl-developer            | [SUMMARY, VERBOSE, CACHE, DEBUG]",
                "peercert UNTRUSTED       | [UNTRUSTED, PEERCERT]",
                "certmatch cache none     | [CERTMATCH, CACHE]",
                "ssl-session-packet-dump  | []",
            })
    void isANumberOrWords(String text, String parts) {
        List<String> words = List.of(text.split(" "));
        assertNull(TlsLogLevel.unknownWord(words));
        assertEquals(parts, new TreeSet<>(TlsLogLevel.of(words).parts()).toString());
    }

    @Test
    void knowsNoOtherWords() {
        assertEquals("10", TlsLogLevel.unknownWord(List.of("1", "10", "x")));
        assertEquals("-1", TlsLogLevel.unknownWord(List.of("-1")));
    }

    @Test
    void hasOneOfSeveralParts() {
        TlsLogLevel level = TlsLogLevel.of(List.of("peercert"));
        assertEquals(true, level.has(Part.VERBOSE, Part.PEERCERT));
        assertEquals(false, level.has(Part.SUMMARY, Part.CACHE));
    }
}
