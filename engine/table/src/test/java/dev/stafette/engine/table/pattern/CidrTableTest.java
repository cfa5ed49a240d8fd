// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.table.TestTables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks in order. */
class CidrTableTest {
    private static final String RULES =
            "cidr:{ {192.0.2.1 one} {192.0.2.0/24 two words} {2001:db8::/32 six} {[::1] own}"
                    + " {if 198.51.100.0/24} {198.51.100.7 seven} {!198.51.100.128/25 low} {endif}"
                    + " {if !203.0.113.0/24} {10.0.0.0/8 ten} {endif} }";

    private final TestTables tables = new TestTables();

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, one",
        "192.0.2.77, two words",
        "192.0.3.1, -",
        "2001:DB8::5, six",
        "2001:db9::5, -",
        "::1, own",
        "198.51.100.7, seven",
        "198.51.100.8, low",
        "198.51.100.129, -",
        "10.1.2.3, ten",
        "203.0.113.1, -",
        "example.com, -",
        "[192.0.2.1], -",
        "192.0.2, -",
        "'', -"
    })
    void answersByTheFirstNetworkThatMatches(String address, String answer) {
        assertEquals(answer, tables.ask(RULES, address));
        assertEquals(List.of(), tables.warnings);
    }

    @Test
    void leavesOutRulesThatAreWrong() {
        String rules = "cidr:{{1.2.3 x} {1.2.3.4/33 x} {1.2.3.4/x x} {1.2.3.4} {10.0.0.1/8 x} {endif} {endif x}"
                + " {0.0.0.0/0 all} {if 1.2.3.4}}";
        assertEquals("all", tables.ask(rules, "1.2.3.4"));
        String at = "cidr map " + rules.substring("cidr:".length()) + ", line ";
        assertEquals(
                List.of(
                        at + "1: bad address pattern: \"1.2.3\": skipping this rule",
                        at + "2: bad mask length in \"1.2.3.4/33\": skipping this rule",
                        at + "3: bad mask value in \"1.2.3.4/x\": skipping this rule",
                        at + "4: no lookup result: skipping this rule",
                        at + "5: non-null host address bits in \"10.0.0.1/8\", perhaps you should use \"10.0.0.0/8\""
                                + " instead: skipping this rule",
                        at + "6: ENDIF without IF: skipping this rule",
                        at + "7: garbage after ENDIF: skipping this rule",
                        at + "9: IF has no matching ENDIF"),
                tables.warnings);
    }
}
