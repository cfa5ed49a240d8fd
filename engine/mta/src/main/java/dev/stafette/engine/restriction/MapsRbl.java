// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.table.Inquiry;
import java.util.List;

/**
 * {@code reject_maps_rbl} of earlier releases, where a table names it: the DNS lists of {@code maps_rbl_domains}. In main.cf
 * {@code reject_rbl_client} stands in its place for each of them.
 * Thread: any (a value).
 */
record MapsRbl(List<DnsListCheck> lists) implements Restriction {
    static Restriction of(RestrictionParts parts) {
        ListReply reply = ListReply.of(parts);
        return new MapsRbl(ConfigWords.split(parts.settings().anyText("maps_rbl_domains")).stream()
                .map(list ->
                        new DnsListCheck(DnsList.parse(list, parts.sources().names()), Subject.CLIENT, true, reply))
                .toList());
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        for (DnsListCheck list : lists) {
            Verdict verdict = list.check(facts, subject, inquiry);
            if (verdict != Verdict.DUNNO) {
                return verdict;
            }
        }
        return Verdict.DUNNO;
    }
}
