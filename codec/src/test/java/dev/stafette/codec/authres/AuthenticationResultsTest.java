// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.authres.MethodResult.Property;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticationResultsTest {
    @Test
    void writesOneLineAMethodAndFoldsLongOnes() {
        assertEquals(
                "Authentication-Results: mx.b.test;\r\n"
                        + "\tspf=pass smtp.mailfrom=s@a.test;\r\n"
                        + "\tdkim=fail (why)\r\n"
                        + "\t header.d="
                        + "x".repeat(70),
                AuthenticationResults.field(
                        "mx.b.test",
                        List.of(
                                new MethodResult("spf", "pass", "", new Property("smtp.mailfrom", "s@a.test")),
                                new MethodResult("dkim", "fail", "why", new Property("header.d", "x".repeat(70))))));
        assertEquals("mx.b.test; none", AuthenticationResults.value("mx.b.test", List.of()));
    }

    @Test
    void letsNobodyWriteIntoTheFieldOrTheHeader() {
        String field = AuthenticationResults.field(
                "mx.b.test",
                List.of(new MethodResult(
                        "dkim",
                        "fail",
                        "a)\r\nX: y; spf=pass (\\",
                        new Property("header.d", "a; spf=pass\r\nX-Y: z\"\\"),
                        new Property("header.b", "ab+/=="),
                        new Property("header.i", ""))));

        assertEquals(
                "Authentication-Results: mx.b.test; dkim=fail (a\\)??X: y; spf=pass \\(\\\\)"
                        + " header.d=\"a; spf=pass??X-Y: z\\\"\\\\\" header.b=\"ab+/==\" header.i=\"\"",
                field.replaceAll("\r\n\t ?", " ").replaceAll("  ", " "));
        assertTrue(AuthenticationResults.field("m", List.of(new MethodResult("a", "b", "c".repeat(100_000))))
                        .length()
                < 1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ' mx.b.test; dkim=pass'           | mx.b.test
        'mx.b.test'                       | mx.b.test
        ' mx.b.test 1; dkim=pass'         | mx.b.test
        ' (a (b) \\) c) mx.b.test(d);'    | mx.b.test
        ' "mx.\\b.test" ; dkim=pass'      | mx.b.test
        ' (never ends mx.b.test;'         | ''
        ' "never ends'                    | 'never ends'
        ''                                | ''
        ' ; dkim=pass'                    | ''
        ' \\'                             | '\\'
        """)
    void readsWhoseResultsTheyAre(String value, String expected) {
        assertEquals(expected, AuthenticationResults.idOf(value));
    }
}
