// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values were asked of the postconf of Postfix 3.7.11. */
class ExpansionTest {
    private static final Map<String, String> NAMES =
            Map.of("set", "yes", "empty", "", "ref", "$empty", "two", "a b", "loop", "x$pool", "pool", "$loop");

    /** As Postfix 3.11 does. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ${domain_to_ascii{b\u00fccher.${set?{de}}}}   | xn--bcher-kva.de
        ${domain_to_ascii { a.example }}             | a.example
        x${domain_to_utf8{xn--bcher-kva.de}}.y       | xb\u00fccher.de.y
        ${domain_to_utf8{b\u00fccher.de}}             | b\u00fccher.de
        """)
    void callsFunctions(String text, String expected) {
        assertEquals(expected, expand(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ${nosuch{$set}}                | unknown function "nosuch" at"...>>>nosuch{yes}"
        ${domain_to_ascii{\u00fc..de}}  | bad domain argument in: 'domain_to_ascii{\u00fc..de}'
        ${domain_to_ascii{x}y}         | unexpected input at: "...domain_to_ascii{x}>>>y"
        """)
    void saysWhatIsWrongWithACall(String text, String message) {
        assertEquals(
                message, assertThrows(ConfigException.class, () -> expand(text)).getMessage());
    }

    private static String expand(String text) {
        return Expansion.expand(text, NAMES::get);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        $$set $set.x $(set) ${set}              | $set yes.x yes yes
        $${set} $$$set                          | ${set} $yes
        ${set?yes:no}                           | yes:no
        ${set?{A}:{B}}                          | A
        ${empty?{A}:{B}}                        | B
        ${ref?{A}:{B}}                          | A
        [${ref:{A}}]                            | []
        ${empty:none}                           | none
        [${set:none}]                           | []
        ${set ? {A} : {B} }                     | A
        ${empty?{A} : {B}}                      | B
        ${{$set} == {yes} ? {T} : {F}}          | T
        ${{$set}=={yes}?{T}:{F}}                | T
        ${{2} < {10} ? {T} : {F}}               | T
        ${{2x} < {10} ? {T} : {F}}              | F
        ${{3.9} <level {3.10} ? {T} : {F}}      | T
        ${{3} ==level {3.0} ? {T} : {F}}        | T
        ${{3.6.1} >=level {3.6} ? {T} : {F}}    | T
        ${{a} == {a}}                           | true
        [${{a} == {b}}]                         | []
        [${{9} > {10}}]                         | []
        ${{007} == {7} ? {T} : {F}}             | T
        ${{10} == {10.0} ? {T} : {F}}           | F
        ${{b} > {a} ? {T} : {F}}                | T
        ${{ a } == {a} ? {T} : {F}}             | F
        ${{$two} == {a b} ? {T} : {F}}          | T
        ${{} < {a} ? {T} : {F}}                 | T
        [${{} == {} ? {T}}]                     | [T]
        ${set?$two}                             | a b
        ${set?a${set}b}                         | ayesb
        ${set?a{b}c}                            | a{b}c
        ${set?a}b}                              | ab}
        ${set?{${empty?{x}:{inner}}}}           | inner
        ${set?A:{B}}                            | A:{B}
        ${set?{A}:B}                            | A
        [${nope?{A}}] [${nope}] [$nope]         | [] [] []
        [${set?}] [${set:}]                     | [] []
        [$set_x]                                | []
        $(set?paren) $(set)x)                   | paren yesx)
        [${set?{ A }:{ B }}]                    | [ A ]
        ${ set }                                | yes
        ${set?{A}}${empty?{A}}                  | A
        [${set? text with space }]              | [ text with space ]
        ${set?$$x}                              | $x
        """)
    void expands(String text, String value) {
        assertEquals(value, expand(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        a$                  | empty macro name: "a$"
        $-                  | empty macro name: "$-"
        ${}                 | empty macro name: "${}"
        ${set               | truncated macro reference: "${set"
        ${set?{A}           | truncated macro reference: "${set?{A}"
        $(set               | truncated macro reference: "$(set"
        ${set!x}            | attribute name syntax error at: "...set>>>!x"
        ${set x ? y}        | attribute name syntax error at: "...set>>> x ? y"
        ${set?{A}x}         | ":" expected at: "...A}>>>x"
        ${empty:{a}:{b}}      | unexpected input at: "...a}>>>:{b}"
        ${{a} == b}         | "{expression}" expected at: "...{a} ==>>> b"
        ${{a} =~ {b}}       | "==" or "!="" or "<"" or "<="" or ">="" or ">" expected at: "...a}>>>=~ {b}"
        ${{a} ==x {b}}      | bad operator suffix at: "...==>>>x"
        ${{a} == {b} x}     | "?" or ":" expected at: "...}>>>x"
        ${set?{${}}:{}}     | empty macro name: "${}"
        ${{a} <level {b}}   | malformed compatibility level syntax: "a"
        ${{1} <level {3.x}} | malformed compatibility level syntax: "3.x"
        """)
    void saysWhereTheSyntaxIsWrong(String text, String message) {
        assertEquals(
                message, assertThrows(ConfigException.class, () -> expand(text)).getMessage());
    }

    @Test
    void endsWhenNamesGoInACircle() {
        ConfigException refusal = assertThrows(ConfigException.class, () -> expand("$loop"));
        assertEquals("unreasonable macro call nesting: \"x\"", refusal.getMessage());
    }

    @Test
    void endsWhenValuesDouble() {
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < 90; i++) {
            names.put("a" + i, "$a" + (i + 1) + "$a" + (i + 1));
        }
        names.put("a90", "x");
        assertThrows(ConfigException.class, () -> Expansion.expand("$a0", names::get));
        names.put("a90", "");
        assertThrows(ConfigException.class, () -> Expansion.expand("$a0", names::get));
    }

    @Test
    void endsOnAnyText() {
        Random random = new Random(20260101);
        String[] pieces = {
            "$", "${", "{", "}", "(", ")", "set", "empty", "?", ":", " ", "==", "<level", "3.6", "$$", "loop"
        };
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n >= 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                expand(text.toString());
            } catch (ConfigException e) {
                refused++;
            }
        }
        assertTrue(refused > 0);
    }
}
