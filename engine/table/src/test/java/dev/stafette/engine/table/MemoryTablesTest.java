// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.compound.CachedTable;
import dev.stafette.engine.table.types.TableTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables without a file. */
class MemoryTablesTest {
    private final TestTables tables = new TestTables();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "static:same | any | same",
                "static:{ two words } | any | two words",
                "inline:{a=b, {c = d e}} | A | b",
                "inline:{a=b, {c = d e}} | c | d e",
                "inline:{a=1,a=2} | a | 2",
                "inline:{a=b} | c | -",
                "fail:any | a | ?Application error",
                "environ:any | no-such-name | -",
                "randmap:{one} | any | one",
                "pipemap:{inline:{a=b},inline:{b=c}} | a | c",
                "pipemap:{inline:{a=b},inline:{c=d}} | a | -",
                "pipemap:{inline:{a=b},fail:x} | a | ?Application error",
                "pipemap:{inline:{a=b},fail:x} | b | -",
                "unionmap:{inline:{a=b},static:{c d},inline:{x=y}} | a | b,c d",
                "unionmap:{inline:{a=b},inline:{c=d}} | x | -",
                "unionmap:{static:b,fail:x} | a | ?Application error",
                "proxy:static:a | any | a",
                "memory-cached:inline:{a=b} | a | b",
                "memory-cached:inline:{a=b} | x | -",
                "memory-cached:fail:x | a | ?Application error",
                "nis:mail.aliases | a | ?unsupported dictionary type: nis",
                "unionmap:{nisplus:x,static:y} | a | ?unsupported dictionary type: nisplus",
                "proxy:mongodb:x | a | ?unsupported dictionary type: mongodb",
                "non-existent:/no/such/file | a | ?open file /no/such/file: No such file or directory",
            })
    void answers(String spec, String key, String answer) {
        assertEquals(answer, tables.ask(spec, key));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x | open dictionary: expecting \"type:name\" form instead of \"x\"",
                "static: | open dictionary: expecting \"type:name\" form instead of \"static:\"",
                "nosuch:x | unsupported dictionary type: nosuch",
                "static:{a | bad static:name syntax: missing '}' in \"{a\"",
                "inline:{a} | missing '=' after attribute name: \"inline:{a}\"; need \"inline:{name=value...}\"",
                "inline:{} | bad syntax: \"inline:{}\"; need \"inline:{name=value...}\"",
                "randmap:a | bad syntax: \"randmap:a\"; need \"randmap:{value...}\"",
                "unionmap:{a} | bad syntax: \"unionmap:{a}\"; need \"unionmap:{type:name...}\"",
                "unionmap:{nosuch:a} | unsupported dictionary type: nosuch",
                "unix:shadow | unknown table: unix:shadow",
                "regexp:{/x/ y} | regexp map: no '{' at start of text in \"/x/\"",
            })
    void refusesWhatCannotBeOpened(String spec, String message) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> tables.open(spec)).getMessage());
    }

    @Test
    void hasAClassForEachTypeOfTheList() {
        for (String type : TableTypes.NAMES) {
            try {
                tables.open(type + ":{}").close();
            } catch (ConfigException e) {
                assertFalse(String.valueOf(e.getMessage()).startsWith("unsupported"), type + ": " + e.getMessage());
            }
        }
    }

    @Test
    void keepsCapitalsWhenKeysAreNotFolded() {
        try (Table table = tables.host().withoutFolding().open("inline:{Ab=c}")) {
            assertEquals("c", TestTables.show(table.lookup("Ab", Inquiry.BLOCKING)));
            assertEquals("-", TestTables.show(table.lookup("ab", Inquiry.BLOCKING)));
        }
    }

    @Test
    void sharesATableOfTheSameName() {
        Table one = tables.open("proxy:inline:{a=b}");
        assertSame(one, tables.open("proxy:inline:{a=b}"));
        one.close();
        assertEquals("b", TestTables.show(one.lookup("a", Inquiry.BLOCKING)));
        one.close();
        Table next = tables.open("proxy:inline:{a=b}");
        assertTrue(next != one);
        next.close();
    }

    @Test
    void choosesAnyOfSeveral() {
        try (Table table = tables.open("randmap:{a, b, c}")) {
            boolean[] seen = new boolean[3];
            for (int i = 0; i < 1000; i++) {
                seen[table.lookup("any", Inquiry.BLOCKING).value().charAt(0) - 'a'] = true;
            }
            assertTrue(seen[0] && seen[1] && seen[2]);
        }
    }

    @Test
    void remembersForAWhile() {
        CountingTable counting = new CountingTable();
        Table table = new CachedTable(counting, tables.host());
        assertEquals("1", TestTables.show(table.lookup("a", Inquiry.BLOCKING)));
        assertEquals("1", TestTables.show(table.lookup("a", Inquiry.BLOCKING)));
        assertEquals("2", TestTables.show(table.lookup("b", Inquiry.BLOCKING)));
        tables.passMs(61_000);
        assertEquals("3", TestTables.show(table.lookup("a", Inquiry.BLOCKING)));
    }

    @Test
    void forgetsWhatWasAskedForLongestAgo() {
        CountingTable counting = new CountingTable();
        Table table = new CachedTable(counting, tables.host());
        table.lookup("first", Inquiry.BLOCKING);
        for (int i = 0; i < 10_000; i++) {
            table.lookup("key" + i, Inquiry.BLOCKING);
        }
        assertEquals("10002", TestTables.show(table.lookup("first", Inquiry.BLOCKING)));
    }

    /** Answers with how often it was asked. */
    private static final class CountingTable implements Table {
        private int count;

        @Override
        public TableAnswer lookup(String key, Inquiry inquiry) {
            return TableAnswer.found(String.valueOf(++count));
        }

        @Override
        public boolean isFixedText() {
            return true;
        }

        @Override
        public void close() {}
    }
}
