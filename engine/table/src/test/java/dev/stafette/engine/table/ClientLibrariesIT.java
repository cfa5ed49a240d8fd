// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.server.RedisTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client library costs those who do not use it. */
class ClientLibrariesIT {
    private static final Map<String, String> SOURCES = new TreeMap<>(Map.of(
            "ldap", "search_base = dc=example\n",
            "memcache", "",
            "mysql", "dbname = x\nquery = SELECT '%s'\n",
            "pgsql", "dbname = x\nquery = SELECT '%s'\n",
            "redis", "",
            "sqlite", "dbpath = /none\nquery = SELECT '%s'\n"));

    private static final List<String> LIBRARIES =
            List.of("org.mariadb.", "org.postgresql.", "org.sqlite.", "io.lettuce.", "java.sql.DriverManager");

    @TempDir
    Path directory;

    /** In a JVM of its own. */
    public static void main(String[] arguments) {
        Path directory = Path.of(arguments[0]);
        SOURCES.forEach(
                (type, source) -> SourceFile.open(directory, type, source).close());
    }

    @Test
    void areNotLoadedBeforeTheFirstLookup() throws Exception {
        Path log = directory.resolve("classes");
        Daemon.run(
                directory,
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xlog:class+load:file=" + log,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClientLibrariesIT.class.getName(),
                        directory.toString()));
        String loaded = Files.readString(log);
        assertTrue(loaded.contains(RedisTable.class.getName()));
        for (String library : LIBRARIES) {
            List<String> lines =
                    loaded.lines().filter(line -> line.contains(library)).toList();
            assertEquals(List.of(), lines.subList(0, Math.min(5, lines.size())), library);
        }
    }
}
