// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.file.FileVersions;
import dev.stafette.engine.table.file.UnixTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables that are read from a text file, and read again when it changes. */
class FileTablesIT {
    private static final long CHECK_MS = FileVersions.CHECK_INTERVAL_MS + 1;

    @TempDir
    Path directory;

    private TestTables tables;

    @BeforeEach
    void open() {
        tables = new TestTables(directory);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
    }

    /** As careful editors do it. */
    private void replace(String name, String text) throws IOException {
        write(name + ".new", text);
        Files.move(directory.resolve(name + ".new"), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @ParameterizedTest
    @CsvSource({
        "texthash, a, one",
        "texthash, A, one",
        "texthash, b, two  more",
        "texthash, c, -",
        "texthash, '\"q q\"', three"
    })
    void answersFromTheSource(String type, String key, String answer) throws IOException {
        write("f", "# c\nA one\nb two\n  more\n\"q q\" three\n");
        assertEquals(answer, tables.ask(type + ":f", key));
        assertEquals(List.of(), tables.warnings);
    }

    @Test
    void saysWhatIsWrongInASource() throws IOException {
        write("f", "a one\nb\n\"c d\na two\nk: v\n");
        assertEquals("one", tables.ask("texthash:f", "a"));
        assertEquals(
                List.of(
                        "f, line 2: expected format: key whitespace value -- ignoring this line",
                        "f, line 3: unbalanced '\"' in '\"c d' -- ignoring this line",
                        "f, line 4: duplicate entry: \"a\"",
                        "f, line 5: record is in \"key: value\" format; is this an alias file?"),
                tables.warnings);
    }

    @Test
    void namesTheLineOfABadRule() throws IOException {
        write("f", "# c\n/a/ one\n/(/\n two\n");
        assertEquals("one", tables.ask("regexp:f", "a"));
        assertEquals(List.of("regexp map f, line 3: Unmatched ( or \\("), tables.warnings);
    }

    @ParameterizedTest
    @CsvSource({
        "texthash:none, open database none: No such file or directory",
        "regexp:none, open none: No such file or directory",
        "pcre:none, open none: No such file or directory",
        "cidr:none, open none: No such file or directory",
        "hash:none, open database none.db: No such file or directory",
        "lmdb:none, open database none.lmdb: No such file or directory",
    })
    void refusesAFileThatIsNotThere(String spec, String message) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> tables.open(spec)).getMessage());
    }

    @Test
    void findsAccounts() throws IOException {
        write("passwd", "root:x:0:0:root:/root:/bin/sh\n#other:x\n");
        try (Table table = UnixTable.open(directory.resolve("passwd"), "unix:passwd.byname", tables.host())) {
            assertEquals("root:x:0:0:root:/root:/bin/sh", TestTables.show(table.lookup("root", Inquiry.BLOCKING)));
            assertEquals("-", TestTables.show(table.lookup("#other", Inquiry.BLOCKING)));
        }
        assertTrue(tables.ask("unix:group.byname", "root").startsWith("root:"));
    }

    @ParameterizedTest
    @CsvSource({"texthash, k one, k two", "regexp, /k/ one, /k/ two", "pcre, /k/ one, /k/ two"})
    void seesThatTheFileWasReplaced(String type, String before, String after) throws IOException {
        write("f", before + "\n");
        try (Table table = tables.open(type + ":f")) {
            replace("f", after + "\n");
            assertEquals("one", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
            tables.passMs(CHECK_MS);
            assertEquals("two", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
        }
    }

    @Test
    void waitsUntilAFileThatIsWrittenInPlaceRests() throws IOException {
        write("f", "k one\n");
        try (Table table = tables.open("texthash:f")) {
            write("f", "k tw");
            tables.passMs(CHECK_MS);
            assertEquals("one", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
            write("f", "k two\n");
            tables.passMs(CHECK_MS);
            assertEquals("one", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
            tables.passMs(CHECK_MS);
            assertEquals("two", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
        }
    }

    @Test
    void keepsWhatItHasWhileTheFileIsGone() throws IOException {
        write("f", "k one\n");
        try (Table table = tables.open("texthash:f")) {
            Files.delete(directory.resolve("f"));
            tables.passMs(CHECK_MS);
            assertEquals("one", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
            write("f", "k two\n");
            tables.passMs(CHECK_MS);
            table.lookup("k", Inquiry.BLOCKING);
            tables.passMs(CHECK_MS);
            assertEquals("two", TestTables.show(table.lookup("k", Inquiry.BLOCKING)));
        }
    }
}
