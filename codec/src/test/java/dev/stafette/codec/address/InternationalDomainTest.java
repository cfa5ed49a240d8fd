// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InternationalDomainTest {
    /** The deviations of UTS #46 §5 first: each is a letter of its own here, and was none in IDNA 2003. */
    @ParameterizedTest
    @CsvSource({
        "straße.de, xn--strae-oqa.de",
        "βόλος.com, xn--nxasmm1c.com",
        "www.bücher.example, www.xn--bcher-kva.example",
        "例え.テスト, xn--r8jz45g.xn--zckzah"
    })
    void goesThereAndBack(String unicode, String ascii) {
        assertEquals(ascii, InternationalDomain.toAscii(unicode));
        assertEquals(unicode, InternationalDomain.toUnicode(ascii));
    }

    @Test
    void hasNoFormForWhatIsTooLongForAName() {
        for (int length : new int[] {760, 1001, 2000, 100_000}) {
            assertNull(InternationalDomain.toAscii("\u0130".repeat(length)));
            assertNull(InternationalDomain.toUnicode("xn--" + "a".repeat(length)));
        }
    }

    @Test
    void keepsSharpSApart() {
        assertNotEquals(InternationalDomain.toAscii("strasse.de"), InternationalDomain.toAscii("straße.de"));
    }

    @Test
    void foldsWhatIsTheSameLetterInAnotherForm() {
        assertEquals("xn--bcher-kva.example", InternationalDomain.toAscii("BÜCHER.example"));
        assertEquals("xn--bcher-kva.example", InternationalDomain.toAscii("bu\u0308cher.example"));
        assertEquals("xn--bcher-kva.example", InternationalDomain.toAscii("bücher\u3002example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"r3---sn.example", "_dmarc.example", "UPPER.example", "xn--bcher-kva.example", ""})
    void leavesNamesInAsciiAlone(String name) {
        assertEquals(name, InternationalDomain.toAscii(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ü..example", "-ü.example", "ü\u200d.example", "\u0308a.example", "a\u2024ü.exa mple\ud800"})
    void hasNoFormForWhatIsNoName(String name) {
        assertNull(InternationalDomain.toAscii(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"xn--a-ecp.example", "xn--\u00fc.example", "a.xn--0.example"})
    void hasNoLettersForALabelsThatSayNothing(String name) {
        assertNull(InternationalDomain.toUnicode(name));
    }
}
