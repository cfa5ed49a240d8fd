// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.table.InMemory;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.TableTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteTableIT {
    @TempDir(factory = InMemory.class)
    Path directory;

    private Path database(String name, List<String> statements) throws SQLException {
        Path file = directory.resolve(name);
        try (Connection connection = new org.sqlite.JDBC().connect("jdbc:sqlite:" + file, new Properties());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
        return file;
    }

    private static List<String> oneUser(String value) {
        return List.of("CREATE TABLE users (k, v)", "INSERT INTO users VALUES ('a', '" + value + "')");
    }

    private Table table(Path file) {
        return SourceFile.open(
                directory, "sqlite", "dbpath = " + file + "\nquery = SELECT v FROM users WHERE k = '%s'\n");
    }

    @Test
    void answersAsPostfixDoes() throws Exception {
        Path file = database("users.db", SqlCases.SETUP);
        SqlCases.check(directory, "sqlite", "dbpath = " + file, Postmap.find(directory, "sqlite"));
    }

    @Test
    void seesChangedAndReplacedFileWithoutReload() throws Exception {
        Path file = database("users.db", oneUser("one"));
        Table table = table(file);
        assertEquals("FOUND one", table.lookup("a", Inquiry.BLOCKING).toString());
        database("users.db", List.of("UPDATE users SET v = 'two'"));
        assertEquals("FOUND two", table.lookup("a", Inquiry.BLOCKING).toString());
        Path next = database("next.db", oneUser("three"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        assertEquals("FOUND three", table.lookup("a", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void readsItsSourceFromMainCf() throws Exception {
        Path file = database("users.db", oneUser("one"));
        Files.writeString(
                directory.resolve("main.cf"),
                "compatibility_level = 3.6\nfolder = " + directory + "\nsrc_dbpath = $folder/" + file.getFileName()
                        + "\nsrc_query = SELECT v FROM users WHERE k = '%s'\n");
        Files.writeString(directory.resolve("master.cf"), "");
        Settings settings = Configuration.read(directory, new LocalHost()).settings();
        TableHost host = new TableHost(
                TableTypes::open, directory, settings::expand, warning -> {}, System::nanoTime, Runnable::run);
        Table table = host.open("sqlite:src");
        assertEquals("FOUND one", table.lookup("a", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void saysThatTheFileIsMissingAndMakesNone() {
        Path file = directory.resolve("none.db");
        TableAnswer answer = table(file).lookup("a", Inquiry.BLOCKING);
        assertTrue(answer.isUnavailable() && answer.why().contains(file.toString()), answer.toString());
        assertFalse(Files.exists(file));
    }

    @Test
    void keepsAnswersForAsLongAsItIsTold() throws Exception {
        Path file = database("users.db", oneUser("one"));
        long[] nowNs = {0};
        TableHost host =
                new TableHost(TableTypes::open, directory, text -> "", warning -> {}, () -> nowNs[0], Runnable::run);
        Table table = SourceFile.open(
                host,
                directory,
                "sqlite",
                "dbpath = " + file + "\nquery = SELECT v FROM users WHERE k = '%s'\ncache_ttl = 10s\n");
        assertEquals("FOUND one", table.lookup("a", Inquiry.BLOCKING).toString());
        database("users.db", List.of("UPDATE users SET v = 'two'"));
        assertEquals("FOUND one", table.lookup("a", Inquiry.BLOCKING).toString());
        nowNs[0] += 10_000_000_000L;
        assertEquals("FOUND two", table.lookup("a", Inquiry.BLOCKING).toString());
        table.close();
    }
}
