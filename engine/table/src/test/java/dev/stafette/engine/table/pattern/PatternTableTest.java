// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TestTables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns in order. */
class PatternTableTest {
    private final TestTables tables = new TestTables();

    @ParameterizedTest
    @ValueSource(strings = {"regexp", "pcre"})
    void answersByTheFirstRuleThatMatches(String type) {
        String rules = type + ":{ {/^a(.*)b$/ got $1 ${1} $(1) $$} {/^c(x)?d/ opt<$1>} {if /^i/} {if !/z$/} {/^ia/ in}"
                + " {!/^ib/ other} {endif} {endif} {/CASE/i case} {!/@/ no domain} }";
        assertEquals("got xx xx xx $", tables.ask(rules, "axxb"));
        assertEquals("got X X X $", tables.ask(rules, "AXB"));
        assertEquals("opt<>", tables.ask(rules, "cd"));
        assertEquals("in", tables.ask(rules, "ia"));
        assertEquals("other", tables.ask(rules, "ix@y"));
        assertEquals("-", tables.ask(rules, "ix@z"));
        assertEquals("case", tables.ask(rules, "CASE@"));
        assertEquals("-", tables.ask(rules, "case@"));
        assertEquals("no domain", tables.ask(rules, "zz"));
        assertEquals(List.of(), tables.warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "^x{2}[[:digit:]]+$ ~ xx7 ~ yes",
                "^[]]$ ~ ] ~ yes",
                "^[^]a]$ ~ ] ~ -",
                "[\\]x ~ \\x ~ yes",
                "^[a&&b]$ ~ & ~ yes",
                "^[a-c-]$ ~ - ~ yes",
                "^a++$ ~ aaa ~ yes",
                "^a*?$ ~ aaa ~ yes",
                "^(a|b){2}c$ ~ abc ~ yes",
                "^(a|b)\\1$ ~ aa ~ yes",
                "^(a|b)\\1$ ~ ab ~ -",
                "\\<word\\> ~ a word b ~ yes",
                "\\<word\\> ~ swords ~ -",
                "a$ ~ ab ~ -",
                "a.c ~ aNLc ~ yes",
                "a#b c ~ a#b c ~ yes",
                "^a{,2}$ ~ aa ~ yes",
                "^[[:upper:]]$ ~ a ~ yes",
                "]} ~ ]} ~ yes",
            })
    void readsExtendedExpressionsAsPosixDoes(String pattern, String key, String answer) {
        assertEquals(answer, tables.ask(braced("regexp", pattern, ""), key.replace("NL", "\n")));
        assertEquals(List.of(), tables.warnings);
    }

    private static String braced(String type, String pattern, String flags) {
        // A brace in a pattern must have its partner there.
        return pattern.contains("]}")
                ? type + ":{{/]/" + flags + " yes}}"
                : type + ":{{/" + pattern + "/" + flags + " yes}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a+ ~ a+ ~ yes",
                "^\\(ab\\)*$ ~ abab ~ yes",
                "*a ~ *a ~ yes",
                "a^b ~ a^b ~ yes",
                "\\(a\\|b\\)c ~ bc ~ yes",
                "a\\{2\\}$ ~ caa ~ yes",
            })
    void readsBasicExpressionsWithTheFlagX(String pattern, String key, String answer) {
        assertEquals(answer, tables.ask(braced("regexp", pattern, "x"), key));
        assertEquals(List.of(), tables.warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "^\\d+\\s\\w+$ ~ ~ 12 ab ~ yes",
                "^(?P<some_name>a)(?P=some_name)$ ~ ~ aa ~ yes",
                "a(?#comment)b ~ ~ ab ~ yes",
                "^[[:alpha:]_]+$ ~ ~ a_b ~ yes",
                "^[[:^alpha:]]$ ~ ~ a ~ -",
                "^[a&&b]$ ~ ~ & ~ yes",
                "^a{,2}$ ~ ~ a{,2} ~ yes",
                "a.c ~ ~ aNLc ~ yes",
                "a.c ~ s ~ aNLc ~ -",
                "b ~ A ~ ab ~ -",
                "^b ~ m ~ aNLb ~ yes",
                "a b # note ~ x ~ ab ~ yes",
                "a\\Nb ~ ~ aNLb ~ -",
                "\\Q.*\\E ~ ~ a.*b ~ yes",
                "(?=ab)a ~ ~ ab ~ yes",
                "a$ ~ E ~ aNL ~ -",
                "a$ ~ ~ aNL ~ yes",
            })
    void readsPatternsAsPerlDoes(String pattern, String flags, String key, String answer) {
        assertEquals(answer, tables.ask(braced("pcre", pattern, flags == null ? "" : flags), key.replace("NL", "\n")));
        assertEquals(List.of(), tables.warnings);
    }

    @Test
    void turnsGreedWithTheFlagU() {
        assertEquals("a", tables.ask("pcre:{{/(a+)/U $1}}", "aaa"));
        assertEquals("aaa", tables.ask("pcre:{{/(a+?)/U $1}}", "aaa"));
    }

    @Test
    void takesNoOffenceAtWhatACommentHolds() {
        assertEquals("x", tables.ask("pcre:{{/a # see **[notes|* (/x x}}", "a"));
        assertEquals("x", tables.ask("pcre:{{/(?x)a + # **/ x}}", "aa"));
    }

    /** glibc takes a parenthesis that closes nothing for one of the text, but not in a basic expression. */
    @Test
    void findsAParenthesisThatClosesNothing() {
        assertEquals("x", tables.ask("regexp:{{/(a))$/ x}}", "a)"));
        assertEquals("x", tables.ask("regexp:{{/^)*$/ x}}", "))"));
        assertEquals("y", tables.ask("regexp:{{/a\\)/x x} {/./ y}}", "a)"));
    }

    @Test
    void leavesOutRulesThatAreWrong() {
        String rules =
                "regexp:{{/(/ x} {/a/z x} {/a x} {bogus} {/(a)/ $2} {!/a/ $1} {/a/ $ x} {/a/ ${x}} {endif} {if /a/} {/./ y}}";
        assertEquals("y", tables.ask(rules, "a"));
        String at = "regexp map " + rules.substring("regexp:".length()) + ", line ";
        assertEquals(
                List.of(
                        at + "1: Unmatched ( or \\(",
                        at + "2: unknown regexp option \"z\": skipping this rule",
                        at + "3: no closing regexp delimiter \"/\": skipping this rule",
                        at + "4: ignoring unrecognized request",
                        at + "5: out of range replacement index \"2\": skipping this rule",
                        at + "6: $number found in negative match replacement text: skipping this rule",
                        "empty macro name: \"$ x\"",
                        at + "7: bad replacement syntax: skipping this rule",
                        at + "8: non-numeric replacement index \"x\"",
                        at + "8: bad replacement syntax: skipping this rule",
                        at + "9: ignoring ENDIF without matching IF",
                        at + "10: IF has no matching ENDIF"),
                tables.warnings);
    }

    @Test
    void givesUpOnAPatternThatWouldTakeForever() {
        String answer = tables.ask("pcre:{{/^(a+)+\\1c/ x}}", "a".repeat(60));
        assertTrue(answer.startsWith("?"), answer);
    }

    @Test
    void givesUpOnAGroupThatTakesTheStack() {
        String answer = tables.ask("pcre:{{/^(a|b)*$/ x}}", "ab".repeat(200_000));
        assertTrue(answer.startsWith("?") || answer.equals("x"), answer);
    }

    @Test
    void wantsWholeKeys() {
        try (Table table = tables.open("regexp:{{/x/ y}}")) {
            assertEquals(false, table.isFixedText());
            assertEquals(true, table instanceof MemoryTable);
        }
    }
}
