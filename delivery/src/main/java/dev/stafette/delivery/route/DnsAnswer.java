// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import java.net.InetAddress;
import java.util.List;

/**
 * The outcome of one DNS question, CNAMEs followed.
 * Thread: any (a value).
 *
 * @param exchanges filled when the question was for MX
 * @param addresses filled when the question was for A or AAAA
 * @param timeToLiveSeconds how long it may be kept; 0: not at all
 */
record DnsAnswer(Outcome outcome, List<MxRecord> exchanges, List<InetAddress> addresses, long timeToLiveSeconds) {
    enum Outcome {
        FOUND,
        /** The name exists, without such records. */
        NO_DATA,
        /** NXDOMAIN. */
        NO_HOST,
        /** No server gave a usable answer: SERVFAIL, REFUSED, time-out, garbage, CNAME loop. */
        FAILED
    }

    /** RFC 1035 §3.3.9. The exchange is in lower case without the final dot; empty for the root, a null MX (RFC 7505 §3). */
    record MxRecord(int preference, String exchange) {}

    static final DnsAnswer FAILURE = none(Outcome.FAILED, 0);

    static DnsAnswer none(Outcome outcome, long timeToLiveSeconds) {
        return new DnsAnswer(outcome, List.of(), List.of(), timeToLiveSeconds);
    }
}
