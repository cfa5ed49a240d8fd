// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dmarc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules as publicsuffix.org/list has them, with its own examples. */
class PublicSuffixesTest {
    private final PublicSuffixes suffixes = new PublicSuffixes(List.of(
            "// comment",
            "",
            "com",
            "uk.com",
            "jp",
            "ac.jp",
            "kyoto.jp",
            "ide.kyoto.jp",
            "*.kobe.jp",
            "!city.kobe.jp",
            "*.ck",
            "!www.ck",
            "\u4e2d\u56fd",
            "\u516c\u53f8.cn behind a space"));

    @ParameterizedTest
    @CsvSource({
        "com, com",
        "example.com, example.com",
        "b.example.com, example.com",
        "uk.com, uk.com",
        "a.b.example.uk.com, example.uk.com",
        "test.ac.jp, test.ac.jp",
        "www.test.ac.jp, test.ac.jp",
        "b.c.kobe.jp, b.c.kobe.jp",
        "a.b.c.kobe.jp, b.c.kobe.jp",
        "c.kobe.jp, c.kobe.jp",
        "city.kobe.jp, city.kobe.jp",
        "www.city.kobe.jp, city.kobe.jp",
        "test.ck, test.ck",
        "b.test.ck, b.test.ck",
        "www.ck, www.ck",
        "www.www.ck, www.ck",
        "unlisted, unlisted",
        "a.b.unlisted, b.unlisted",
        "x.xn--fiqs8s, x.xn--fiqs8s",
        "y.x.xn--fiqs8s, x.xn--fiqs8s",
        "y.x.xn--55qx5d.cn, x.xn--55qx5d.cn"
    })
    void knowsWhoHasRegisteredADomain(String domain, String expected) {
        assertEquals(expected, suffixes.organizationalDomain(domain));
    }
}
