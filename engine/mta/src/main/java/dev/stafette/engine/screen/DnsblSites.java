// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.names.DnsListFilter;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The DNS lists that have a say in a client's score: {@code postscreen_dnsbl_sites}.
 * Thread: any (it does not change).
 *
 * @param sites one for each domain, however often it is named
 * @param threshold from this score on, a client is listed
 * @param allowThreshold down to this negative score, a client need pass no other test; 0: none is spared
 * @param secondsMin of a score, whatever the answers say
 * @param secondsMax likewise
 * @param timeoutSeconds of a list
 */
record DnsblSites(
        List<Site> sites, int threshold, int allowThreshold, long secondsMin, long secondsMax, long timeoutSeconds) {
    private static final String SITES = "postscreen_dnsbl_sites";

    DnsblSites {
        sites = List.copyOf(sites);
    }

    /**
     * A list, asked once.
     *
     * @param shown what replies call it
     */
    record Site(String domain, String shown, List<Weighted> filters) {}

    /** What some entries of a list are worth; a negative weight speaks for a client. */
    record Weighted(DnsListFilter filter, int weight) {}

    static DnsblSites of(Settings settings, ListTables tables) {
        Map<String, List<Weighted>> byDomain = new LinkedHashMap<>();
        for (String word : settings.words(SITES)) {
            Weighted weighted = parse(settings, word);
            byDomain.computeIfAbsent(weighted.filter().domain(), domain -> new ArrayList<>())
                    .add(weighted);
        }
        String replyMap = settings.text("postscreen_dnsbl_reply_map");
        Table shown = replyMap.isEmpty() ? null : tables.open(replyMap);
        List<Site> sites = new ArrayList<>();
        byDomain.forEach((domain, filters) -> sites.add(new Site(domain, shown(domain, shown), filters)));
        return new DnsblSites(
                sites,
                settings.count("postscreen_dnsbl_threshold"),
                settings.count("postscreen_dnsbl_allowlist_threshold"),
                settings.time("postscreen_dnsbl_min_ttl").toSeconds(),
                settings.time("postscreen_dnsbl_max_ttl").toSeconds(),
                settings.time("postscreen_dnsbl_timeout").toSeconds());
    }

    private static Weighted parse(Settings settings, String word) {
        int star = word.indexOf('*');
        String list = star < 0 ? word : word.substring(0, star);
        try {
            DnsListFilter filter = DnsListFilter.parse(list);
            if (filter.domain().isEmpty()) {
                throw settings.bad(SITES, "a domain in \"" + word + "\"");
            }
            return new Weighted(filter, star < 0 ? 1 : Integer.parseInt(word.substring(star + 1)));
        } catch (NumberFormatException e) {
            throw settings.bad(SITES, "a whole number behind the * of \"" + word + "\"");
        } catch (ConfigException e) {
            throw e.namesParameter() ? e : settings.bad(SITES, String.valueOf(e.getMessage()));
        }
    }

    private static String shown(String domain, @Nullable Table shown) {
        TableAnswer answer = shown == null ? TableAnswer.notFound() : shown.lookup(domain, Inquiry.BLOCKING);
        return answer.isFound() ? answer.value() : domain;
    }

    boolean isEmpty() {
        return sites.isEmpty();
    }
}
