// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the DNS lists make of a client, as their answers come.
 * Thread: event loop.
 */
final class DnsblScore {
    private static final long NONE = -1;

    private final DnsblSites sites;

    // Owned by the loop.
    private int missingCount;
    private int total;
    private @Nullable String name;
    private int nameWeight;
    private long listedSeconds = NONE;
    private long freeSeconds = NONE;

    DnsblScore(DnsblSites sites) {
        this.sites = sites;
        this.missingCount = sites.sites().size();
    }

    /**
     * A list has answered.
     *
     * @param addresses that it has for the client; none: the client is not in it
     * @param seconds for which the answer holds; negative: nobody knows
     */
    void add(DnsblSites.Site site, List<String> addresses, long seconds) {
        for (DnsblSites.Weighted weighted : site.filters()) {
            int weight = weighted.weight();
            if (weighted.filter().matches(addresses)) {
                if (name == null || nameWeight < weight) {
                    name = site.shown();
                    nameWeight = weight;
                }
                total += weight;
            }
            // An entry that speaks for the client ends its stay on the other side, and so does the want of one.
            if (addresses.isEmpty() == weight > 0) {
                freeSeconds = least(freeSeconds, seconds);
            } else {
                listedSeconds = least(listedSeconds, seconds);
            }
        }
        missingCount--;
    }

    private static long least(long known, long seconds) {
        return known < 0 || known > seconds ? seconds : known;
    }

    /** Every list has answered in time. */
    boolean isComplete() {
        return missingCount == 0;
    }

    int total() {
        return total;
    }

    boolean isListed() {
        return total >= sites.threshold();
    }

    /** It need pass no other test. */
    boolean isAllowed() {
        return !isListed() && sites.allowThreshold() < 0 && total <= sites.allowThreshold();
    }

    /** The list that weighs most. */
    String name() {
        return name == null ? "" : name;
    }

    /** How long the score holds. */
    long seconds() {
        long seconds = total > 0 ? listedSeconds : freeSeconds;
        return Math.min(Math.max(seconds, sites.secondsMin()), sites.secondsMax());
    }
}
