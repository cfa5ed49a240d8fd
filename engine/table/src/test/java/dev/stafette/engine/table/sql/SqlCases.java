// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Postmap;
import dev.stafette.engine.table.SourceFile;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same lookups for every database that speaks SQL, and for Postfix beside it where that is installed. */
public final class SqlCases {
    static final List<String> SETUP = List.of(
            "CREATE TABLE users (k VARCHAR(100), v VARCHAR(100), w VARCHAR(100))",
            "INSERT INTO users VALUES ('a@example.com', 'va', NULL)",
            "INSERT INTO users VALUES ('o''brien@example.com', 'vo', 'wo')",
            "INSERT INTO users VALUES ('m@example.com', 'm1@x.example', 'x')",
            "INSERT INTO users VALUES ('m@example.com', 'm2', 'y')",
            "INSERT INTO users VALUES ('m@example.com', 'm3@z.example', '')",
            "INSERT INTO users VALUES ('@example.org', 'all', '')",
            "INSERT INTO users VALUES ('plain', 'com', '')",
            "INSERT INTO users VALUES ('empty@example.com', '', NULL)",
            "INSERT INTO users VALUES ('jürgen@example.com', 'é', '')");

    private static final String BY_KEY = "query = SELECT v FROM users WHERE k = '%s' ORDER BY v";

    private static final String TWO_COLUMNS = "query = SELECT v, w FROM users WHERE k = '%u@%d'";

    private record Case(String source, String key, String expected) {}

    private static final List<Case> CASES = List.of(
            new Case(BY_KEY, "a@example.com", "FOUND va"),
            new Case(BY_KEY, "A@Example.COM", "FOUND va"),
            new Case(BY_KEY, "nobody@example.com", "NOT_FOUND"),
            new Case(BY_KEY, "o'brien@example.com", "FOUND vo"),
            new Case(BY_KEY, "jürgen@example.com", "FOUND é"),
            new Case(BY_KEY, "x' OR '1'='1", "NOT_FOUND"),
            new Case(BY_KEY, "x\\", "NOT_FOUND"),
            new Case(BY_KEY, "empty@example.com", "NOT_FOUND"),
            new Case(BY_KEY, "@example.org", "FOUND all"),
            new Case(BY_KEY, "m@example.com", "FOUND m1@x.example,m2,m3@z.example"),
            new Case(BY_KEY + "\nexpansion_limit = 3", "m@example.com", "FOUND m1@x.example,m2,m3@z.example"),
            new Case(BY_KEY + "\nexpansion_limit = 2", "m@example.com", "UNAVAILABLE"),
            new Case(BY_KEY + "\nresult_format = <%s>", "m@example.com", "FOUND <m1@x.example>,<m2>,<m3@z.example>"),
            new Case(BY_KEY + "\nresult_format = %d", "m@example.com", "FOUND x.example,z.example"),
            new Case(
                    BY_KEY + "\nresult_format = %u@%D%%%U",
                    "m@example.com",
                    "FOUND m1@example.com%m,m2@example.com%m,m3@example.com%m"),
            new Case(BY_KEY + "\nresult_format = %2.%1", "a@example.com", "FOUND example.com"),
            new Case(BY_KEY + "\ndomain = example.net example.org", "a@example.com", "NOT_FOUND"),
            new Case(BY_KEY + "\ndomain = example.net example.com", "a@example.com", "FOUND va"),
            new Case(BY_KEY + "\ndomain = example.org", "@example.org", "NOT_FOUND"),
            new Case(BY_KEY + "\ndomain = example.org", "plain", "NOT_FOUND"),
            new Case(TWO_COLUMNS, "a@example.com", "FOUND va"),
            new Case(TWO_COLUMNS, "o'brien@example.com", "FOUND vo,wo"),
            new Case("query = SELECT v FROM users WHERE k = '%u@%d'", "plain", "NOT_FOUND"),
            new Case("query = SELECT v FROM users WHERE k = '%u'", "plain", "FOUND com"),
            new Case("query = SELECT v FROM users WHERE k = '%u'", "@plain", "NOT_FOUND"),
            new Case("query = SELECT k FROM users WHERE v = '%1'", "x@example.com", "FOUND plain"),
            new Case("query = SELECT k FROM users WHERE v = '%1'", "com", "NOT_FOUND"),
            new Case("query = SELECT v FROM users WHERE k = '%3'", "x@example.com", "NOT_FOUND"),
            new Case("query = SELECT 'all' FROM users WHERE k LIKE '%%%D' AND v = 'va'", "x@example.com", "FOUND all"),
            new Case("query = SELECT nothing FROM users WHERE k = '%s'", "a@example.com", "UNAVAILABLE"),
            new Case("table = users\nselect_field = v\nwhere_field = k", "a@example.com", "FOUND va"),
            new Case(
                    "table = users\nselect_field = v\nwhere_field = k\nadditional_conditions = AND v = 'x'",
                    "a@example.com",
                    "NOT_FOUND"));

    private SqlCases() {}

    /** {@code login}: what the source begins with. */
    static void check(Path directory, String type, String login, @Nullable Postmap postmap) throws Exception {
        for (Case listed : CASES) {
            // As in Postfix, SQLite alone gives the first column and no other.
            boolean first = type.equals("sqlite") && listed.expected.equals("FOUND vo,wo");
            Case one = first ? new Case(listed.source, listed.key, "FOUND vo") : listed;
            Path source = Files.writeString(directory.resolve("case.cf"), login + "\n" + one.source + "\n");
            String spec = type + ":" + source;
            Table table = SourceFile.host(directory).open(spec);
            assertEquals(one.expected, kindAndValue(table.lookup(one.key, Inquiry.BLOCKING)), one.toString());
            table.close();
            // Before release 3.8 it talks Latin-1 to PostgreSQL.
            boolean comparable = !type.equals("pgsql") || !one.key.contains("ü");
            if (postmap != null && comparable) {
                assertEquals(one.expected, postmap.query(spec, one.key), "Postfix: " + one);
            }
        }
    }

    public static String kindAndValue(TableAnswer answer) {
        return answer.isUnavailable() ? "UNAVAILABLE" : answer.toString();
    }
}
