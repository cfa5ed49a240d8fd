// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.Daemon;
import dev.stafette.engine.table.InMemory;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.sql.SqlCases;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link MemcacheTable} with memcached itself. */
@Timeout(60)
class MemcachedIT {
    @TempDir(factory = InMemory.class)
    Path directory;

    private Daemon start(int port) throws Exception {
        Path memcached = Daemon.program("memcached");
        return Daemon.start(
                directory,
                port,
                List.of(
                        memcached.toString(),
                        "-u",
                        "nobody",
                        "-l",
                        "127.0.0.1",
                        "-U",
                        "0",
                        "-p",
                        String.valueOf(port)));
    }

    private static void set(int port, String key, String value) throws Exception {
        ChannelSession session = ChannelSession.connect(ServerAddress.parse("127.0.0.1:" + port, -1), 5000);
        int length = value.getBytes(StandardCharsets.UTF_8).length;
        session.send(StandardCharsets.UTF_8.encode("set " + key + " 0 0 " + length + "\r\n" + value + "\r\n"));
        assertEquals("STORED", session.reader().readLine(100));
        session.close();
    }

    @Test
    void answersAsPostfixDoes() throws Exception {
        int port = Daemon.freePort();
        try (Daemon server = start(port)) {
            set(port, "k:ä@example.com", "válue with spaces");
            Path source = Files.writeString(
                    directory.resolve("m.cf"), "memcache = inet:127.0.0.1:" + port + "\nkey_format = k:%s\n");
            Table table = SourceFile.host(directory).open("memcache:" + source);
            Postmap postmap = Postmap.find(directory, "memcache");
            for (String key : List.of("ä@example.com", "nobody@example.com", "with space", "x".repeat(300))) {
                String expected = key.length() > 250
                        ? "UNAVAILABLE"
                        : key.startsWith("ä") ? "FOUND válue with spaces" : "NOT_FOUND";
                assertEquals(expected, SqlCases.kindAndValue(table.lookup(key, Inquiry.BLOCKING)));
                if (postmap != null && !key.startsWith("ä")) {
                    assertEquals(expected, postmap.query("memcache:" + source, key), "Postfix: " + key);
                }
            }
            table.close();
            assertEquals("", server.output());
        }
    }

    @Test
    void putsWhatTheBackupFoundIntoTheCache() throws Exception {
        int port = Daemon.freePort();
        Table table = SourceFile.open(
                directory, "memcache", "memcache = inet:127.0.0.1:" + port + "\nmax_try = 1\nbackup = static:kept\n");
        Daemon server = start(port);
        assertEquals("FOUND kept", table.lookup("key", Inquiry.BLOCKING).toString());
        Table cacheAlone =
                SourceFile.open(directory, "memcache", "memcache = inet:127.0.0.1:" + port + "\nmax_try = 1\n");
        assertEquals("FOUND kept", cacheAlone.lookup("key", Inquiry.BLOCKING).toString());
        server.close();
        assertTrue(cacheAlone.lookup("key", Inquiry.BLOCKING).isUnavailable());
        assertEquals("FOUND kept", table.lookup("key", Inquiry.BLOCKING).toString());
        table.close();
        cacheAlone.close();
    }
}
