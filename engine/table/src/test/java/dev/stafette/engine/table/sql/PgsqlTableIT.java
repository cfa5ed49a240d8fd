// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.Daemon;
import dev.stafette.engine.table.InMemory;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.server.ServerPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PgsqlTableIT {
    @TempDir(factory = InMemory.class)
    static Path directory;

    private static int port;
    private static Daemon server;

    @BeforeAll
    static void start() throws Exception {
        Path initdb = Daemon.program("initdb", "/usr/lib/postgresql");
        Path data = directory.resolve("data");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Daemon.run(
                directory,
                Daemon.asNobody(
                        directory,
                        List.of(
                                initdb.toString(),
                                "-D",
                                data.toString(),
                                "-U",
                                "mail",
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C",
                                "--no-sync")));
        port = Daemon.freePort();
        server = startServer();
        String setup = String.join(";\n", SqlCases.SETUP) + ";\n"
                + "CREATE FUNCTION find_user(k text) RETURNS text AS 'SELECT ''found '' || $1' LANGUAGE sql;\n"
                + "CREATE TABLE log (k text);\n";
        Daemon.run(
                directory,
                List.of(
                        initdb.resolveSibling("psql").toString(),
                        "-qX",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-h",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "-U",
                        "mail",
                        "postgres"),
                setup);
    }

    private static Daemon startServer() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Daemon.program("postgres", "/usr/lib/postgresql").toString(),
                "-D",
                directory + "/data",
                "-F",
                "-h",
                "127.0.0.1",
                "-k",
                directory.toString(),
                "-p",
                String.valueOf(port)));
        List<String> isReady = List.of(
                Daemon.program("pg_isready", "/usr/lib/postgresql").toString(),
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(port));
        // It listens before it answers.
        return Daemon.start(
                directory,
                Daemon.asNobody(directory, command),
                () -> new ProcessBuilder(isReady).start().waitFor() == 0);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static String login(String hosts) {
        return "hosts = " + hosts + "\nuser = mail\ndbname = postgres\n";
    }

    @Test
    void answersAsPostfixDoes() throws Exception {
        SqlCases.check(directory, "pgsql", login("inet:127.0.0.1:" + port), Postmap.find(directory, "pgsql"));
    }

    @Test
    void callsFunctionOfOldSources() {
        Table table = SourceFile.open(directory, "pgsql", login("127.0.0.1:" + port) + "select_function = find_user\n");
        assertEquals("FOUND found a'b", table.lookup("a'b", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void reachesUnixSocket() {
        String socket = "unix:" + directory + "/.s.PGSQL." + port;
        Table table = SourceFile.open(
                directory, "pgsql", login(socket) + "query = SELECT v FROM users WHERE k = '%s' AND w IS NULL\n");
        assertEquals("FOUND va", table.lookup("a@example.com", Inquiry.BLOCKING).toString());
        assertEquals(
                "NOT_FOUND", table.lookup("b@example.com", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void wantsResultSetUnlessToldOtherwise() {
        String query = "query = INSERT INTO log VALUES ('%s')\n";
        Table strict = SourceFile.open(directory, "pgsql", login("127.0.0.1:" + port) + query);
        assertTrue(strict.lookup("a", Inquiry.BLOCKING).why().contains("require_result_set"));
        Table lax =
                SourceFile.open(directory, "pgsql", login("127.0.0.1:" + port) + query + "require_result_set = no\n");
        assertEquals("NOT_FOUND", lax.lookup("a", Inquiry.BLOCKING).toString());
        strict.close();
        lax.close();
    }

    @Test
    void opensNotMoreConnectionsThanItMayForAllThreads() throws Exception {
        String query = "query = SELECT '%s', count(*) FROM pg_stat_activity WHERE application_name = 'stafette'\n";
        Table table = SourceFile.open(directory, "pgsql", login("127.0.0.1:" + port) + query);
        ExecutorService threads = Executors.newFixedThreadPool(32);
        List<Future<TableAnswer>> answers = new ArrayList<>();
        for (int i = 0; i < 640; i++) {
            String key = "k" + i;
            answers.add(threads.submit(() -> table.lookup(key, Inquiry.BLOCKING)));
        }
        for (int i = 0; i < answers.size(); i++) {
            String[] values = answers.get(i).get().value().split(",");
            assertEquals("k" + i, values[0]);
            assertTrue(Integer.parseInt(values[1]) <= ServerPool.SESSIONS_MAX, values[1]);
        }
        threads.shutdownNow();
        table.close();
    }

    @Test
    void asksTheNextServerWhenOneIsDown() throws Exception {
        Table table = SourceFile.open(
                directory,
                "pgsql",
                login("127.0.0.1:" + Daemon.freePort() + ", 127.0.0.1:" + port) + "query = SELECT '%s'\n");
        for (int i = 0; i < 5; i++) {
            assertEquals("FOUND x" + i, table.lookup("x" + i, Inquiry.BLOCKING).toString());
        }
        table.close();
    }

    @Test
    void outlivesRestartOfTheServer() throws Exception {
        Table table = SourceFile.open(directory, "pgsql", login("127.0.0.1:" + port) + "query = SELECT '%s'\n");
        assertEquals("FOUND a", table.lookup("a", Inquiry.BLOCKING).toString());
        server.interrupt();
        TableAnswer down = table.lookup("b", Inquiry.BLOCKING);
        assertTrue(down.isUnavailable() && down.why().contains("127.0.0.1:" + port), down.toString());
        server = startServer();
        TableAnswer up = table.lookup("c", Inquiry.BLOCKING);
        long beganNs = System.nanoTime();
        // The pause after a failure is a second at first.
        while (up.isUnavailable() && System.nanoTime() - beganNs < TimeUnit.SECONDS.toNanos(20)) {
            Thread.onSpinWait();
            up = table.lookup("c", Inquiry.BLOCKING);
        }
        assertEquals("FOUND c", up.toString());
        table.close();
    }
}
