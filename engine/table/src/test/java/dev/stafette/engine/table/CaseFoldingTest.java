// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseFoldingTest {
    @ParameterizedTest
    @CsvSource({
        "Foo@EXAMPLE.com, foo@example.com",
        "STRASSE, strasse",
        "stra\u00dfe, strasse",
        "STRA\u1e9eE, strasse",
        "\u00c4\u00d6, \u00e4\u00f6",
        "\u0130, i\u0307",
        "\u0131, \u0131",
        "\u03a3\u03c2\u03c3, \u03c3\u03c3\u03c3",
        "\uab70\u13a0, \u13a0\u13a0",
        "\ufb03, ffi",
        "\ud801\udc00, \ud801\udc28"
    })
    void foldsAsUnicodeSays(String text, String folded) {
        assertEquals(folded, MapLine.fold(text));
        assertEquals(folded, MapLine.fold(folded));
    }
}
