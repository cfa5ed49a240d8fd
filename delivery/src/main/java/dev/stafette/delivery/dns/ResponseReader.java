// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Reads one response for one question: follows the aliases it holds (RFC 1034 §3.6.2) and takes the records at their end.
 * Records of other names, types and classes are as good as not there.
 * Thread: event loop.
 */
final class ResponseReader<T> {
    /** Records of one answer; the rest is left out, as Postfix 3.9 does. */
    static final int RECORDS_MAX = 100;

    /** Even what may be kept for longer is asked for once a day. */
    static final long SECONDS_MAX = 86_400;

    /** What must not be kept at all is, so that a burst of mail is one question. */
    static final long SECONDS_MIN = 5;

    /** RFC 2308 §5 asks for an upper limit of one to three hours on negative answers. */
    static final long NEGATIVE_SECONDS_MAX = 3600;

    static final long NEGATIVE_SECONDS_WITHOUT_SOA = 60;

    private final Message response;
    private final DnsType<T> type;

    // Owned by the loop.
    private Name name;
    private int aliasesLeft;
    private long secondsLeft;

    /**
     * The response says NOERROR or NXDOMAIN.
     *
     * @param secondsMax as the aliases that led here allow
     */
    ResponseReader(Message response, Name name, DnsType<T> type, int aliasesMax, long secondsMax) {
        this.response = response;
        this.name = name;
        this.type = type;
        this.aliasesLeft = aliasesMax;
        this.secondsLeft = secondsMax;
    }

    /** Where the aliases led, after {@link #read}. */
    Name name() {
        return name;
    }

    int aliasesLeft() {
        return aliasesLeft;
    }

    /** Null when the aliases go on, or in a circle, for longer than anybody should follow them. */
    @Nullable
    DnsAnswer<T> read(boolean authentic) {
        Name target = aliasOf(name);
        while (target != null) {
            if (aliasesLeft == 0) {
                return null;
            }
            aliasesLeft--;
            name = target;
            target = aliasOf(name);
        }
        if (response.getHeader().getRcode() == Rcode.NXDOMAIN) {
            return DnsAnswer.none(Outcome.NO_SUCH_NAME, authentic, negativeSeconds());
        }
        List<T> records = new ArrayList<>(1);
        for (Record record : response.getSection(Section.ANSWER)) {
            if (isOf(record, type.code()) && records.size() < RECORDS_MAX) {
                records.add(type.read(record));
                keepNoLongerThan(record);
            }
        }
        return records.isEmpty()
                ? DnsAnswer.none(Outcome.NO_DATA, authentic, negativeSeconds())
                : DnsAnswer.found(records, DnsType.text(name), authentic, Math.max(secondsLeft, SECONDS_MIN));
    }

    private @Nullable Name aliasOf(Name owner) {
        if (type == DnsType.CNAME) {
            return null;
        }
        for (Record record : response.getSection(Section.ANSWER)) {
            if (isOf(record, Type.CNAME)) {
                keepNoLongerThan(record);
                return ((CNAMERecord) record).getTarget();
            }
        }
        return null;
    }

    private boolean isOf(Record record, int code) {
        return record.getType() == code
                && record.getDClass() == DClass.IN
                && record.getName().equals(name);
    }

    private void keepNoLongerThan(Record record) {
        secondsLeft = Math.min(secondsLeft, seconds(record));
    }

    /** RFC 2181 §8: a time with its first bit set is none. */
    private static long seconds(Record record) {
        return record.getTTL() > Integer.MAX_VALUE ? 0 : record.getTTL();
    }

    /** RFC 2308 §5: the lesser of the SOA record's own time and its last field. */
    private long negativeSeconds() {
        SOARecord soa = authority();
        long seconds = soa == null
                ? NEGATIVE_SECONDS_WITHOUT_SOA
                : Math.min(Math.min(soa.getMinimum(), seconds(soa)), NEGATIVE_SECONDS_MAX);
        return Math.max(Math.min(seconds, secondsLeft), SECONDS_MIN);
    }

    private @Nullable SOARecord authority() {
        for (Record record : response.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa) {
                return soa;
            }
        }
        return null;
    }

    /** A server that knows the end of the aliases says so (RFC 2308 §2.2); otherwise it may be another's to know. */
    boolean isConclusive() {
        return authority() != null;
    }

    /** Neither an answer nor on the way to one, as libc sees it: the server does not serve us. */
    static boolean isLame(Message response) {
        return response.getHeader().getRcode() == Rcode.NOERROR
                && response.getSection(Section.ANSWER).isEmpty()
                && !response.getHeader().getFlag(Flags.AA)
                && !response.getHeader().getFlag(Flags.RA);
    }
}
