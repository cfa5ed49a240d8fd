// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.TestTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that have logged in elsewhere. */
class PopauthTableIT {
    private static final int MANY = 100;

    @TempDir
    Path directory;

    private final AtomicLong nowS = new AtomicLong(1_000_000);
    private PopauthFile file;
    private TestTables tables;

    @BeforeEach
    void open() {
        file = new PopauthFile(directory.resolve("clients"));
        tables = new TestTables(directory);
    }

    private Table table() {
        return PopauthTable.open(TableSpec.parse("popauth:clients"), tables.host(), () -> nowS.get() * 1000);
    }

    private void add(String address, long seconds) throws IOException {
        add(address, seconds, MANY);
    }

    private void add(String address, long seconds, int sizeMax) throws IOException {
        file.change(nowS.get(), sizeMax, ends -> {
            ends.put(address, nowS.get() + seconds);
            return true;
        });
    }

    /** At the first question after an interval, also when nobody has asked for long. */
    private String ask(Table table, String key) {
        tables.passMs(FileVersions.CHECK_INTERVAL_MS + 1);
        return TestTables.show(table.lookup(key, Inquiry.AT_ONCE));
    }

    @Test
    void letsAClientInUntilItsTimeIsOver() throws IOException {
        add("192.0.2.1", 60);
        add("2001:db8::1", 120);
        try (Table table = table()) {
            assertEquals("OK", ask(table, "192.0.2.1"));
            assertEquals("OK", ask(table, "2001:DB8::1"));
            assertEquals("-", ask(table, "192.0.2.2"));
            assertEquals("-", ask(table, "192.0.2"));
            nowS.addAndGet(59);
            assertEquals("OK", ask(table, "192.0.2.1"));
            nowS.addAndGet(1);
            assertEquals("-", ask(table, "192.0.2.1"));
            assertEquals("OK", ask(table, "2001:db8::1"));
        }
    }

    @Test
    void hasNobodyInItUntilSomebodyHasLoggedIn() throws IOException {
        try (Table table = table()) {
            assertEquals("-", ask(table, "192.0.2.1"));
            add("192.0.2.1", 60);
            assertEquals("OK", ask(table, "192.0.2.1"));
            add("192.0.2.2", 60);
            assertEquals("OK", ask(table, "192.0.2.2"));
            assertTrue(file.change(nowS.get(), MANY, ends -> ends.remove("192.0.2.1") != null));
            assertEquals("-", ask(table, "192.0.2.1"));
            assertEquals("OK", ask(table, "192.0.2.2"));
        }
        assertEquals(List.of(), tables.warnings);
    }

    @Test
    void forgetsThoseWhoseTimeIsOver() throws IOException {
        add("192.0.2.1", 10);
        nowS.addAndGet(10);
        add("192.0.2.2", 10);
        List<String> rows = new ArrayList<>();
        CdbFile.open(directory.resolve("clients")).forEach((address, end) -> rows.add(address));
        assertEquals(List.of("192.0.2.2"), rows);
    }

    @Test
    void letsThoseGoThatWouldEndFirstWhenThereAreTooMany() throws IOException {
        add("192.0.2.1", 30, 2);
        add("192.0.2.2", 10, 2);
        add("192.0.2.3", 20, 2);
        assertEquals(Map.of("192.0.2.1", nowS.get() + 30, "192.0.2.3", nowS.get() + 20), file.read(nowS.get()));
    }

    @Test
    void saysWhetherAChangeChangedAnything() throws IOException {
        assertFalse(file.change(nowS.get(), MANY, ends -> ends.remove("192.0.2.1") != null));
        assertFalse(Files.exists(directory.resolve("clients")));
    }

    /** A writer that was killed leaves a part beside the file, which nobody reads and the next one replaces. */
    @Test
    void goesOnAfterAWriterWasKilled() throws IOException {
        add("192.0.2.1", 60);
        Files.writeString(directory.resolve("clients.tmp"), "half");
        add("192.0.2.2", 60);
        assertEquals(2, file.read(nowS.get()).size());
        assertFalse(Files.exists(directory.resolve("clients.tmp")));
    }

    @Test
    void mayBeReadByAllAndLockedByTheGroup() throws IOException {
        add("192.0.2.1", 60);
        assertEquals("rw-r--r--", permissions("clients"));
        assertEquals("rw-rw----", permissions("clients.lock"));
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name)));
    }

    @Test
    void letsNobodyInByAFileOfAnotherKind() throws IOException {
        Files.writeString(directory.resolve("clients"), "192.0.2.1 OK\n");
        assertTrue(
                String.valueOf(assertThrows(ConfigException.class, this::table).getMessage())
                        .endsWith("(expected: one that \"stafette popauth\" made)"));
    }
}
