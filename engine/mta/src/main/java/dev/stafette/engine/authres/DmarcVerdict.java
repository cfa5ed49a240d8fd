// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.authres.MethodResult;
import dev.stafette.codec.dmarc.DmarcPolicy;
import dev.stafette.codec.dmarc.DmarcRecord;
import dev.stafette.codec.dmarc.PublicSuffixes;
import dev.stafette.codec.spf.SpfResult;
import dev.stafette.engine.spf.SpfAnswer;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a message is from whom it says, and what he wants done if not (RFC 7489 §6.6).
 * Thread: any (a value).
 *
 * @param domain the author's; empty: there is none that could be asked
 * @param policy to apply
 */
record DmarcVerdict(String domain, String result, String comment, DmarcPolicy policy) {
    private static final int PERCENT = 100;

    /**
     * The worst of those of the authors (RFC 7489 §6.6.1).
     *
     * @param draw a number from 0 to 99, the same for the message
     */
    static DmarcVerdict of(
            Evidence evidence,
            NameEvidence names,
            List<SignatureVerdict> signatures,
            PublicSuffixes suffixes,
            int draw) {
        if (!evidence.hasAuthors()) {
            return new DmarcVerdict(
                    "",
                    SignatureVerdict.PERMERROR,
                    evidence.authors().isEmpty() ? "no author" : "too many authors",
                    DmarcPolicy.NONE);
        }
        DmarcVerdict worst = null;
        for (DmarcDomain author : names.policies()) {
            DmarcVerdict verdict = of(author, names.spf(), signatures, suffixes, draw);
            if (worst == null || verdict.rank() > worst.rank()) {
                worst = verdict;
            }
        }
        return worst == null ? new DmarcVerdict("", "none", "", DmarcPolicy.NONE) : worst;
    }

    private static DmarcVerdict of(
            DmarcDomain author,
            @Nullable SpfAnswer spf,
            List<SignatureVerdict> signatures,
            PublicSuffixes suffixes,
            int draw) {
        if (!author.trouble().isEmpty()) {
            return new DmarcVerdict(author.domain(), SignatureVerdict.TEMPERROR, author.trouble(), DmarcPolicy.NONE);
        }
        DmarcRecord record = author.record();
        if (record == null) {
            return new DmarcVerdict(author.domain(), "none", "", DmarcPolicy.NONE);
        }
        String comment = "p=" + author.policy().word();
        boolean mayPass = false;
        for (SignatureVerdict signature : signatures) {
            if (author.isAligned(signature.signature().domain(), record.isDkimStrict(), suffixes)) {
                if (signature.passes()) {
                    return new DmarcVerdict(author.domain(), SignatureVerdict.PASS, comment, DmarcPolicy.NONE);
                }
                mayPass |= signature.result().equals(SignatureVerdict.TEMPERROR);
            }
        }
        if (spf != null && author.isAligned(spf.domain().toLowerCase(Locale.ROOT), record.isSpfStrict(), suffixes)) {
            if (spf.result() == SpfResult.PASS) {
                return new DmarcVerdict(author.domain(), SignatureVerdict.PASS, comment, DmarcPolicy.NONE);
            }
            mayPass |= spf.result() == SpfResult.TEMPERROR;
        }
        if (mayPass) {
            // Nobody is refused because the DNS was silent (RFC 7489 §6.6.2).
            return new DmarcVerdict(author.domain(), SignatureVerdict.TEMPERROR, comment, DmarcPolicy.NONE);
        }
        boolean isDrawn = draw < record.percent();
        DmarcPolicy policy = isDrawn ? author.policy() : author.policy().milder();
        String sampled = record.percent() < PERCENT ? comment + " pct=" + record.percent() : comment;
        return new DmarcVerdict(author.domain(), SignatureVerdict.FAIL, sampled, policy);
    }

    private int rank() {
        int order = List.of("none", SignatureVerdict.PASS, SignatureVerdict.TEMPERROR, SignatureVerdict.FAIL)
                .indexOf(result);
        return order * DmarcPolicy.values().length + policy.ordinal();
    }

    MethodResult told() {
        return domain.isEmpty()
                ? new MethodResult(AuthenticationMethod.DMARC.word(), result, comment)
                : new MethodResult(
                        AuthenticationMethod.DMARC.word(),
                        result,
                        comment,
                        new MethodResult.Property("header.from", domain));
    }
}
