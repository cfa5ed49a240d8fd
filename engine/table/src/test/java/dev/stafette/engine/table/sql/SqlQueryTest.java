// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.engine.table.server.KeyTemplate;
import dev.stafette.engine.table.server.LookupKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlQueryTest {
    private static SqlQuery.Bound bind(SqlDialect dialect, String template, String key) {
        return SqlQuery.of(KeyTemplate.parse(template), dialect).bind(new LookupKey(key));
    }

    private static void assertBound(SqlQuery.Bound bound, String sql, String... parameters) {
        assertEquals(sql, bound.sql());
        assertEquals(List.of(parameters), bound.parameters());
    }

    @Test
    void bindsQuotedLiteralsThatHaveExpansions() {
        assertBound(
                bind(SqlDialect.PGSQL, "SELECT a FROM t WHERE k = '%s' AND b = 'fixed'", "x@y'z"),
                "SELECT a FROM t WHERE k = ? AND b = 'fixed'",
                "x@y'z");
        assertBound(
                bind(SqlDialect.MYSQL, "SELECT a WHERE u=\"%u\" AND d LIKE '%%.%d' LIMIT 1", "u@d.e"),
                "SELECT a WHERE u=? AND d LIKE ? LIMIT 1",
                "u",
                "%.d.e");
        assertBound(bind(SqlDialect.SQLITE, "SELECT 'it''s %u''s', '%d'", "u@d"), "SELECT ?, ?", "it's u's", "d");
    }

    @Test
    void decodesBackslashesWhereTheDatabaseDoes() {
        assertBound(bind(SqlDialect.MYSQL, "'a\\'%s\\\\' x", "k"), "? x", "a'k\\");
        assertBound(bind(SqlDialect.PGSQL, "'a\\%s' x", "k"), "? x", "a\\k");
        assertBound(bind(SqlDialect.PGSQL, "SELECT E'a\\'%s' x", "k"), "SELECT ? x", "a'k");
    }

    @Test
    void putsNamesAndNumbersIntoTheText() {
        assertBound(
                bind(SqlDialect.MYSQL, "SELECT a FROM t_%1 WHERE id = %u", "17@a.de"),
                "SELECT a FROM t_de WHERE id = 17");
        assertBound(
                bind(SqlDialect.PGSQL, "SELECT a FROM \"%d\" WHERE k='%u'", "u@a.de"),
                "SELECT a FROM \"a.de\" WHERE k=?",
                "u");
    }

    @Test
    void putsNothingElseIntoTheText() {
        for (String key : List.of("1 OR 1=1", "1--", "a'b", "x;y", "a\"b", "ä")) {
            assertNull(bind(SqlDialect.PGSQL, "SELECT a WHERE id = %s", key).sql(), key);
            assertNull(bind(SqlDialect.MYSQL, "SELECT a FROM `%s`", key).sql(), key);
        }
    }

    @Test
    void keepsQuestionMarksThatAreOperators() {
        assertBound(
                bind(SqlDialect.PGSQL, "SELECT a WHERE j ? '%s' AND b = '?'", "k"),
                "SELECT a WHERE j ?? ? AND b = '?'",
                "k");
    }
}
