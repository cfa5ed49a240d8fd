// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsblSitesTest {
    private static DnsblSites sites(String sites, String... more) {
        String text = "postscreen_dnsbl_sites = " + sites + "\n" + String.join("\n", more);
        return DnsblSites.of(FakeHost.settings(text), ListTables.UNOPENED);
    }

    @Test
    void asksADomainOnceHoweverManyFiltersItHas() {
        DnsblSites sites = sites("a.test=127.0.0.[1..3]*2, a.test=127.0.0.4*-3 b.test, a.test");
        assertEquals(2, sites.sites().size());
        DnsblScore score = new DnsblScore(sites);
        score.add(sites.sites().get(0), List.of("127.0.0.2", "127.0.0.4"), 100);
        assertFalse(score.isComplete());
        assertEquals(2 - 3 + 1, score.total());
        assertEquals("a.test", score.name());
        score.add(sites.sites().get(1), List.of(), 100);
        assertTrue(score.isComplete());
    }

    @Test
    void namesTheListThatWeighsMost() {
        DnsblSites sites = sites("a.test*2 b.test*3 c.test*3", "postscreen_dnsbl_threshold = 8");
        DnsblScore score = new DnsblScore(sites);
        sites.sites().forEach(site -> score.add(site, List.of("127.0.0.2"), 100));
        assertEquals("b.test", score.name());
        assertTrue(score.isListed());
    }

    @Test
    void keepsAScoreAsLongAsItsAnswersWithinLimits() {
        DnsblSites sites = sites("bad.test good.test*-2", "postscreen_dnsbl_min_ttl = 50s", "postscreen_dnsbl_ttl = 2");
        DnsblSites.Site bad = sites.sites().get(0);
        DnsblSites.Site good = sites.sites().get(1);
        assertEquals(
                7_200,
                score(sites, bad, List.of(), 100_000, good, List.of(), 100).seconds());
        assertEquals(
                300,
                score(sites, bad, List.of(), 400, good, List.of("127.0.0.1"), 300)
                        .seconds());
        assertEquals(
                200,
                score(sites, bad, List.of("127.0.0.1"), 200, good, List.of(), 300)
                        .seconds());
        // Nobody knows how long the first has nothing against the client.
        assertEquals(50, score(sites, bad, List.of(), -1, good, List.of(), 300).seconds());
    }

    private static DnsblScore score(
            DnsblSites sites,
            DnsblSites.Site first,
            List<String> firstEntries,
            long firstSeconds,
            DnsblSites.Site second,
            List<String> secondEntries,
            long secondSeconds) {
        DnsblScore score = new DnsblScore(sites);
        score.add(first, firstEntries, firstSeconds);
        score.add(second, secondEntries, secondSeconds);
        return score;
    }

    @Test
    void sparesOnlyBelowANegativeThreshold() {
        DnsblSites sites = sites("good.test*-2", "postscreen_dnsbl_whitelist_threshold = -2");
        DnsblScore score = new DnsblScore(sites);
        assertFalse(score.isAllowed());
        score.add(sites.sites().get(0), List.of("127.0.0.1"), 100);
        assertTrue(score.isAllowed());
        DnsblScore never = new DnsblScore(sites("good.test*-2"));
        never.add(sites.sites().get(0), List.of("127.0.0.1"), 100);
        assertFalse(never.isAllowed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.test*x", "a.test*", "a.test=127.0.0*2", "a.test=127.0.0.[", "*2", "=127.0.0.1"})
    void refusesWhatIsNoSite(String site) {
        ConfigException e = assertThrows(ConfigException.class, () -> sites(site));
        assertTrue(e.getMessage().contains("postscreen_dnsbl_sites"), e.getMessage());
    }
}
