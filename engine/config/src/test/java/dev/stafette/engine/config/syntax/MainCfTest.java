// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainCfTest {
    private static MainCf parse(String... lines) {
        return MainCf.parse("main.cf", String.join("\n", lines));
    }

    private static String value(MainCf mainCf, String name) {
        MainCf.Entry entry = mainCf.find(name);
        return entry == null ? "(not set)" : entry.value();
    }

    @Test
    void trimsAroundNameAndValue() {
        MainCf mainCf = parse("a=1", "b \t=\t2 \t", "c =", "d = x = y");
        assertEquals("1", value(mainCf, "a"));
        assertEquals("2", value(mainCf, "b"));
        assertEquals("", value(mainCf, "c"));
        assertEquals("x = y", value(mainCf, "d"));
        assertNull(mainCf.find("e"));
    }

    @Test
    void continuesBehindCommentsAndEmptyLines() {
        MainCf mainCf =
                parse("", "# head", "list = one", "# comment", "  two", "   # indented", "", "\tthree", "next = 4");
        assertEquals("one  two\tthree", value(mainCf, "list"));
        assertEquals("4", value(mainCf, "next"));
        assertEquals("main.cf:3", mainCf.originOf("list"));
        assertEquals("main.cf:9", mainCf.originOf("next"));
    }

    @Test
    void hasNoCommentsBehindValues() {
        assertEquals("b # c", value(parse("a = b # c"), "a"));
    }

    @Test
    void readsLinesOfDos() {
        assertEquals("1", value(parse("a = 1\r", "b = 2\r"), "a"));
    }

    @Test
    void takesTheLastOfTwoAndWarns() {
        MainCf mainCf = parse("a = 1", "b = 2", "a = 3");
        assertEquals("3", value(mainCf, "a"));
        assertEquals(List.of("main.cf:3: overriding earlier entry: a=1"), mainCf.warnings());
    }

    @Test
    void warnsOfAFirstLineThatContinuesNothing() {
        assertEquals(
                List.of("main.cf:2: logical line must not start with whitespace: \"  a = 1\""),
                parse("# c", "  a = 1").warnings());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        foo     | main.cf:2: missing '=' after parameter name: "foo" (expected: name = value)
        a b = 1 | main.cf:2: missing '=' after parameter name: "a b = 1" (expected: name = value)
        = 1     | main.cf:2: missing parameter name: "= 1" (expected: name = value)
        """)
    void refusesLinesThatSetNothing(String line, String message) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> parse("ok = 1", line)).getMessage());
    }
}
