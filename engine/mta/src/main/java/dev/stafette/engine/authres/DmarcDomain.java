// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dmarc.DmarcPolicy;
import dev.stafette.codec.dmarc.DmarcRecord;
import dev.stafette.codec.dmarc.PublicSuffixes;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.table.Inquiry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an author's domain wants (RFC 7489 §6.6.3).
 * Thread: any (a value).
 *
 * @param domain in From
 * @param organization to which it belongs
 * @param record null: it wants nothing
 * @param policy for mail that is not its own
 * @param trouble why it cannot be told; empty: it can
 */
record DmarcDomain(
        String domain, String organization, @Nullable DmarcRecord record, DmarcPolicy policy, String trouble) {
    private static final List<RecordType> ANY = List.of(RecordType.A, RecordType.AAAA, RecordType.MX);

    static DmarcDomain ask(String domain, PublicSuffixes suffixes, NameQuestions names, Inquiry inquiry) {
        String organization = suffixes.organizationalDomain(domain);
        NameAnswer own = names.ask(RecordType.TXT, "_dmarc." + domain, inquiry);
        NameAnswer above = organization.equals(domain)
                ? NameAnswer.NOT_FOUND
                : names.ask(RecordType.TXT, "_dmarc." + organization, inquiry);
        if (own.isUnavailable()) {
            return unknown(domain, organization);
        }
        DmarcRecord record = record(own);
        if (record != null) {
            return new DmarcDomain(domain, organization, record, record.policy(), "");
        }
        if (above.isUnavailable()) {
            return unknown(domain, organization);
        }
        DmarcRecord inherited = record(above);
        if (inherited == null) {
            return new DmarcDomain(domain, organization, null, DmarcPolicy.NONE, "");
        }
        DmarcPolicy policy = inherited.distinguishesMissing() && isMissing(domain, names, inquiry)
                ? inherited.missing()
                : inherited.subdomains();
        return new DmarcDomain(domain, organization, inherited, policy, "");
    }

    /** Whoever gets the message need not know our name servers. */
    private static DmarcDomain unknown(String domain, String organization) {
        return new DmarcDomain(domain, organization, null, DmarcPolicy.NONE, "no answer for the policy");
    }

    /** Several of them are none (RFC 7489 §6.6.3). */
    private static @Nullable DmarcRecord record(NameAnswer answer) {
        List<String> found =
                answer.records().stream().filter(DmarcRecord::isOne).toList();
        return found.size() == 1 ? DmarcRecord.parse(found.get(0)) : null;
    }

    /** RFC 9091 §2.7. */
    private static boolean isMissing(String domain, NameQuestions names, Inquiry inquiry) {
        boolean isMissing = true;
        for (RecordType type : ANY) {
            NameAnswer answer = names.ask(type, domain, inquiry);
            isMissing &= !answer.isFound() && !answer.isUnavailable();
        }
        return isMissing;
    }

    /** Whether the name of a signature or sender is one of theirs (RFC 7489 §3.1). */
    boolean isAligned(String name, boolean isStrict, PublicSuffixes suffixes) {
        return name.equals(domain)
                || !isStrict && suffixes.organizationalDomain(name).equals(organization);
    }
}
