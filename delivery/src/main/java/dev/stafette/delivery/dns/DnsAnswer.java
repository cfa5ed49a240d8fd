// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import java.util.List;

/**
 * The outcome of one question, aliases followed.
 * Thread: any (a value).
 *
 * @param records at least one where found, none otherwise
 * @param name where the records stand: that of the question, or the one that its aliases lead to; empty where there are none
 * @param authentic the server vouches for it (AD, RFC 4035 §3.2.3); only ever where such answers were asked for
 * @param timeToLiveSeconds how long it may be kept; 0: not at all
 * @param reason of {@code TRY_AGAIN}, for people; empty otherwise
 */
public record DnsAnswer<T>(
        Outcome outcome, List<T> records, String name, boolean authentic, long timeToLiveSeconds, String reason) {
    /** What became of a question. */
    public enum Outcome {
        FOUND,
        /** The name exists, without such records. */
        NO_DATA,
        /** NXDOMAIN, or what cannot be a name in the DNS. */
        NO_SUCH_NAME,
        /** No server gave a usable answer: SERVFAIL, REFUSED, time-out, garbage, a loop of aliases. */
        TRY_AGAIN
    }

    public DnsAnswer {
        records = List.copyOf(records);
    }

    static <T> DnsAnswer<T> found(List<T> records, String name, boolean authentic, long timeToLiveSeconds) {
        return new DnsAnswer<>(Outcome.FOUND, records, name, authentic, timeToLiveSeconds, "");
    }

    static <T> DnsAnswer<T> none(Outcome outcome, boolean authentic, long timeToLiveSeconds) {
        return new DnsAnswer<>(outcome, List.of(), "", authentic, timeToLiveSeconds, "");
    }

    static <T> DnsAnswer<T> tryAgain(String reason, long timeToLiveSeconds) {
        return new DnsAnswer<>(Outcome.TRY_AGAIN, List.of(), "", false, timeToLiveSeconds, reason);
    }
}
