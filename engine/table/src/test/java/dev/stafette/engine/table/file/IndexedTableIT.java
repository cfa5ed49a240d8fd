// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.IndexBuild;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that postmap builds. */
class IndexedTableIT {
    private static final long CHECK_MS = FileVersions.CHECK_INTERVAL_MS + 1;

    @TempDir
    Path directory;

    private TestTables tables;

    @BeforeEach
    void open() {
        tables = new TestTables(directory);
    }

    private void build(String spec, String... rows) throws IOException {
        TableSpec parsed = TableSpec.parse(spec);
        try (IndexBuild build = IndexBuild.start(parsed, tables.host())) {
            for (String row : rows) {
                int equals = row.indexOf('=');
                build.put(row.substring(0, equals), row.substring(equals + 1), false);
            }
            build.finish(null);
        }
    }

    @ParameterizedTest
    @CsvSource({"hash, .db", "btree, .db", "dbm, .pag", "sdbm, .pag", "lmdb, .lmdb", "cdb, .cdb"})
    void answersFromTheFileThatTheTypeHas(String type, String suffix) throws IOException {
        build(type + ":t", "a=one", "\u00e4@x=two", "long=" + "v".repeat(5000));
        assertTrue(Files.exists(directory.resolve("t" + suffix)));
        try (Table table = tables.open(type + ":t")) {
            assertEquals("one", TestTables.show(table.lookup("a", Inquiry.BLOCKING)));
            assertEquals("one", TestTables.show(table.lookup("A", Inquiry.BLOCKING)));
            assertEquals("two", TestTables.show(table.lookup("\u00c4@X", Inquiry.BLOCKING)));
            assertEquals("v".repeat(5000), TestTables.show(table.lookup("long", Inquiry.BLOCKING)));
            assertEquals("-", TestTables.show(table.lookup("b", Inquiry.BLOCKING)));
            assertEquals("-", TestTables.show(table.lookup("", Inquiry.BLOCKING)));
            assertEquals("-", TestTables.show(table.lookup("x".repeat(5000), Inquiry.BLOCKING)));
            assertTrue(table instanceof MemoryTable);
        }
    }

    @Test
    void holdsAnEmptyTable() throws IOException {
        build("hash:t");
        assertEquals("-", tables.ask("hash:t", "a"));
    }

    @Test
    void findsEachOfManyRows() throws IOException {
        TableSpec spec = TableSpec.parse("hash:t");
        int count = 200_000;
        try (IndexBuild build = IndexBuild.start(spec, tables.host())) {
            for (int i = 0; i < count; i++) {
                assertTrue(build.put("user" + i + "@example.com", "value" + i, false));
            }
            assertFalse(build.put("user77@example.com", "other", false));
            assertFalse(build.put("user78@example.com", "other", true));
            build.finish(null);
        }
        try (Table table = tables.open(spec.toString())) {
            for (int i = 0; i < count; i++) {
                String value = i == 78 ? "other" : "value" + i;
                assertEquals(
                        value,
                        table.lookup("user" + i + "@example.com", Inquiry.BLOCKING)
                                .value());
            }
            int[] listed = new int[1];
            ((ListedTable) table).forEach((key, value) -> listed[0]++);
            assertEquals(count, listed[0]);
        }
    }

    private static CdbWriter writer(Path file, Path scratch) throws IOException {
        return new CdbWriter(FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE), scratch);
    }

    @Test
    void keepsRowsThatDoNotFitTheHeapInAFileOfTheirOwn() throws IOException {
        Path file = Files.createFile(directory.resolve("big"));
        Path scratch = directory.resolve("scratch");
        int count = 900_000;
        try (CdbWriter writer = writer(file, scratch)) {
            for (int i = 0; i < count; i++) {
                writer.put(Integer.toString(i), "", false);
            }
            writer.finish();
        }
        assertFalse(Files.exists(scratch));
        CdbFile read = CdbFile.open(file);
        for (int i = 0; i < count; i++) {
            assertEquals("", read.find(Integer.toString(i), false));
        }
    }

    @Test
    void readsFilesWhoseKeysEndInNul() throws IOException {
        Path file = Files.createFile(directory.resolve("t.cdb"));
        try (CdbWriter writer = writer(file, directory.resolve("scratch"))) {
            writer.put("a\0", "one\0", false);
            writer.finish();
        }
        assertEquals("one", tables.ask("cdb:t", "a"));
        assertEquals("-", tables.ask("cdb:t", "b"));
    }

    @Test
    void seesAReplacementBetweenTwoLookups() throws IOException {
        build("hash:t", "a=one");
        try (Table table = tables.open("hash:t")) {
            for (int i = 0; i < 20; i++) {
                build("hash:t", "a=" + i);
                tables.passMs(CHECK_MS);
                assertEquals(String.valueOf(i), TestTables.show(table.lookup("a", Inquiry.BLOCKING)));
            }
        }
    }

    @Test
    void answersWithoutAGapWhileItIsReplaced() throws Exception {
        build("hash:t", "a=0", "b=0");
        List<String> wrong = new ArrayList<>();
        try (Table table = tables.open("hash:t")) {
            Thread reader = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    TableAnswer answer = table.lookup("a", Inquiry.BLOCKING);
                    if (!answer.isFound()) {
                        wrong.add(answer.toString());
                        return;
                    }
                }
            });
            reader.start();
            for (int i = 0; i < 50; i++) {
                build("hash:t", "a=" + i, "b=" + "x".repeat(i * 1000));
                tables.passMs(CHECK_MS);
            }
            reader.interrupt();
            reader.join();
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void keepsTheOldVersionWhenTheNewOneIsWrong() throws IOException {
        build("hash:t", "a=one");
        try (Table table = tables.open("hash:t")) {
            Files.delete(directory.resolve("t.db"));
            Files.writeString(directory.resolve("t.db"), "no table");
            for (int i = 0; i < 5; i++) {
                tables.passMs(CHECK_MS);
                assertEquals("one", TestTables.show(table.lookup("a", Inquiry.BLOCKING)));
            }
        }
        assertEquals(1, tables.warnings.size(), tables.warnings.toString());
    }

    @ParameterizedTest
    @CsvSource({"12, 398689, a Berkeley DB file", "12, 340322, a Berkeley DB file", "16, 3203383518, an LMDB file"})
    void saysWhatToDoAboutAFileOfPostfix(int offset, long magic, String kind) throws IOException {
        byte[] file = new byte[8192];
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, (int) magic);
        Files.write(directory.resolve("t.db"), file);
        assertEquals(
                "open database t.db: " + kind
                        + " (expected: one that this mail system's postmap made; run \"postmap hash:t\")",
                assertThrows(ConfigException.class, () -> tables.open("hash:t")).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048, 2100})
    void refusesAnyOtherFile(int length) throws IOException {
        byte[] file = new byte[length];
        Arrays.fill(file, (byte) 'x');
        Files.write(directory.resolve("t.cdb"), file);
        assertThrows(ConfigException.class, () -> tables.open("cdb:t"));
    }

    @Test
    void leavesNothingBehindWhenABuildIsNotFinished() throws IOException {
        build("hash:t", "a=one");
        try (IndexBuild build = IndexBuild.start(TableSpec.parse("hash:t"), tables.host())) {
            build.put("a", "two", false);
        }
        assertEquals("one", tables.ask("hash:t", "a"));
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void takesOverThePermissionsOfTheSource() throws IOException {
        Path source = Files.writeString(directory.resolve("t"), "");
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxr-----"));
        try (IndexBuild build = IndexBuild.start(TableSpec.parse("hash:t"), tables.host())) {
            build.finish(source);
        }
        assertEquals(
                "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("t.db"))));
    }

    @Test
    void refusesToBuildATypeWithoutAnIndex() {
        for (String spec : List.of("regexp:t", "nosuch:t")) {
            String message = String.valueOf(
                    assertThrows(ConfigException.class, () -> IndexBuild.start(TableSpec.parse(spec), tables.host()))
                            .getMessage());
            assertTrue(message.startsWith("unsupported dictionary type: "), message);
        }
    }
}
