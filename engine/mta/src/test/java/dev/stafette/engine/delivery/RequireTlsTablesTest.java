// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.smtp.RequireTls;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What smtp_requiretls_policy says of next hops. */
class RequireTlsTablesTest {
    private static final ListTables TABLES = new OpenTables(TestTables.realTimeHost());

    private final List<String> warnings = new ArrayList<>();

    private @Nullable RequireTls find(ListTables tables, String nextHop, String... mainCf) {
        List<@Nullable RequireTls> found = new ArrayList<>();
        RequireTlsTables.of(FakeHost.settings(mainCf), tables, warnings::add).find(Runnable::run, nextHop, found::add);
        assertEquals(1, found.size());
        return found.get(0);
    }

    private @Nullable RequireTls find(String nextHop, String... mainCf) {
        return find(TABLES, nextHop, mainCf);
    }

    @ParameterizedTest
    @CsvSource({
        "b.test, ENFORCE",
        "example.test, OPPORTUNISTIC",
        "Mail.Example.Test:26, OPPORTUNISTIC",
        "[mail.example.test]:26, OPPORTUNISTIC",
        "notexample.test, ENFORCE",
        "localhost:10025, OPPORTUNISTIC",
        "[localhost]:10025, OPPORTUNISTIC",
        "[127.0.0.1]:10025, OPPORTUNISTIC",
        "[ipv6:2001:db8::1]:25, OPPORTUNISTIC",
        "[2001:db8::1], OPPORTUNISTIC",
    })
    void lettersWithinTheSiteGoAsTheyCanByDefault(String nextHop, RequireTls demanded) {
        assertEquals(demanded, find(nextHop, "mydomain = example.test"));
    }

    /** Tables have names as the DNS has them. */
    @Test
    void knowsOneDomainInBothItsForms() {
        for (String domain : List.of("b\u00fccher.test", "xn--bcher-kva.test")) {
            for (String hop : List.of("B\u00fccher.test", "xn--bcher-kva.test", "[mx.b\u00fccher.test]:26")) {
                assertEquals(RequireTls.OPPORTUNISTIC, find(hop, "mydomain = " + domain), hop + " of " + domain);
            }
        }
        assertEquals(RequireTls.ENFORCE, find("b\u00fccher.test", "mydomain = example.test"));
        assertEquals(List.of(), warnings);
        assertEquals(RequireTls.ENFORCE, find("xn--\u00fc.test", "smtp_requiretls_policy = regexp:{ {/./ disable} }"));
        assertEquals(
                List.of("smtp_requiretls_policy: malformed next-hop destination: 'xn--\u00fc.test' -- using default"
                        + " policy 'enforce'"),
                warnings);
    }

    @ParameterizedTest
    @CsvSource({
        "a.test, DISABLE",
        "sub.a.test, STARTTLS",
        "deep.sub.a.test, STARTTLS",
        "x.b.test, OPPORTUNISTIC",
        "c.test, STARTTLS",
    })
    void theFirstThatKnowsTheNextHopDecides(String nextHop, RequireTls demanded) {
        assertEquals(
                demanded,
                find(
                        nextHop,
                        "smtp_requiretls_policy = inline:{ {a.test = disable}, {.a.test = Opportunistic+STARTTLS} }"
                                + " regexp:{ {/^x\\.b/ opportunistic} {/^\\.a\\.test/ disable} } opportunistic+starttls,"
                                + " enforce"));
    }

    @Test
    void enforcesWhereNobodyKnowsTheNextHop() {
        assertEquals(RequireTls.ENFORCE, find("a.test", "smtp_requiretls_policy ="));
    }

    @Test
    void isOffOnlyWhereSomebodyHasSaidSo() {
        assertEquals(RequireTls.ENFORCE, find("a.test"));
        assertEquals(RequireTls.ENFORCE, find("a.test", "requiretls_enable = yes"));
        assertEquals(RequireTls.DISABLE, find("a.test", "requiretls_enable = no"));
    }

    @Test
    void knowsNothingOfWhatATableHasWrongOrCannotSay() {
        assertNull(find("a.test", "smtp_requiretls_policy = inline:{ {a.test = perhaps} }"));
        assertEquals(
                List.of("REQUIRETLS policy table, next-hop destination \"a.test\": invalid policy \"perhaps\""),
                warnings);
        ListTables broken = spec -> new MemoryTable() {
            @Override
            public TableAnswer lookup(String key, Inquiry inquiry) {
                return TableAnswer.unavailable("down");
            }

            @Override
            public boolean isFixedText() {
                return true;
            }
        };
        assertNull(find(broken, "a.test", "smtp_requiretls_policy = hash:/x enforce"));
    }

    @Test
    void refusesWordsThatAreNone() {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> find("a.test", "smtp_requiretls_policy = mandatory"));
        assertTrue(
                String.valueOf(refused.getMessage())
                        .contains("'smtp_requiretls_policy': mandatory (expected: enforce, opportunistic+starttls,"),
                refused.getMessage());
    }
}
