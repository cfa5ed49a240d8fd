// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.Daemon;
import dev.stafette.engine.table.InMemory;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.sql.SqlCases;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RedisTableIT {
    @TempDir(factory = InMemory.class)
    static Path directory;

    private static int port;
    private static Daemon server;

    @BeforeAll
    static void start() throws Exception {
        Path redis = Daemon.program("redis-server");
        port = Daemon.freePort();
        server = Daemon.start(
                directory,
                port,
                List.of(
                        redis.toString(),
                        "--port",
                        String.valueOf(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--unixsocket",
                        directory + "/sock",
                        "--requirepass",
                        "se cret"));
        Daemon.run(
                directory,
                List.of(
                        Daemon.program("redis-cli").toString(),
                        "-p",
                        String.valueOf(port),
                        "-n",
                        "2",
                        "-a",
                        "se cret",
                        "--no-auth-warning"),
                """
                SET a@example.com va
                SET mail:b@example.com "v b"
                HSET users:example.com ann home
                SADD set@example.com x
                ACL SETUSER reader on >pass ~* +get +select +ping +hello +client
                """);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Table table(String more) {
        String login = "server = inet:127.0.0.1:" + port + "\npassword = se cret\ndb = 2\n";
        return SourceFile.open(directory, "redis", login + more);
    }

    private static void assertAnswer(String expected, String more, String key) {
        Table table = table(more);
        assertEquals(expected, SqlCases.kindAndValue(table.lookup(key, Inquiry.BLOCKING)), more + key);
        table.close();
    }

    @Test
    void getsKeysAndFieldsOfHashes() {
        assertAnswer("FOUND va", "", "a@example.com");
        assertAnswer("FOUND va", "", "A@Example.com");
        assertAnswer("NOT_FOUND", "", "nobody@example.com");
        assertAnswer("FOUND v b", "key_format = mail:%s\n", "b@example.com");
        assertAnswer("FOUND <va>", "result_format = <%s>\n", "a@example.com");
        assertAnswer("NOT_FOUND", "domain = example.org\n", "a@example.com");
        assertAnswer("FOUND home", "command = hget\nhash = users:%d\nkey_format = %u\n", "ann@example.com");
        assertAnswer("NOT_FOUND", "command = hget\nhash = users:%d\nkey_format = %u\n", "ann");
    }

    @Test
    void tellsFailureFromNotFound() {
        Table wrongKind = table("");
        assertTrue(wrongKind.lookup("set@example.com", Inquiry.BLOCKING).why().contains("WRONGTYPE"));
        assertEquals(
                "FOUND va", wrongKind.lookup("a@example.com", Inquiry.BLOCKING).toString());
        wrongKind.close();
        assertAnswer("UNAVAILABLE", "user = nobody\n", "a@example.com");
    }

    @Test
    void logsInAsUserThroughUnixSocket() {
        Table table = SourceFile.open(
                directory, "redis", "server = unix:" + directory + "/sock\nuser = reader\npassword = pass\ndb = 2\n");
        assertEquals("FOUND va", table.lookup("a@example.com", Inquiry.BLOCKING).toString());
        table.close();
    }

    @Test
    void asksTheNextServerWhenOneIsDown() throws Exception {
        Table table = SourceFile.open(
                directory,
                "redis",
                "server = 127.0.0.1:" + Daemon.freePort() + " 127.0.0.1:" + port + "\npassword = se cret\ndb = 2\n");
        assertEquals("FOUND va", table.lookup("a@example.com", Inquiry.BLOCKING).toString());
        table.close();
        assertTrue(table.lookup("a@example.com", Inquiry.BLOCKING).isUnavailable());
    }
}
