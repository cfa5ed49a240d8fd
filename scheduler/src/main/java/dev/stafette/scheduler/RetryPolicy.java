// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

/**
 * When a deferred recipient is tried again, and when it is given up.
 * Thread: queue agent.
 *
 * <p>The wait is the message's age within two bounds, as in Postfix, and up to a part of it more by chance, so that what a
 * dead site left behind does not come back in one crowd. Chance is a hash of what waits: recipients of one message for one
 * destination draw the same, and go in one attempt again.
 */
final class RetryPolicy {
    private final long seed;

    // Owned by the queue agent.
    private SchedulerSettings settings;

    RetryPolicy(SchedulerSettings settings, long seed) {
        this.settings = settings;
        this.seed = mix(seed);
    }

    void reload(SchedulerSettings newSettings) {
        settings = newSettings;
    }

    long backoffNs(long ageNs, long queueId, int destination, int attempts) {
        long base = Math.min(Math.max(ageNs, settings.minimalBackoffNs()), settings.maximalBackoffNs());
        long draw = mix(seed ^ mix(queueId) ^ mix((long) destination << 32 | attempts));
        // 53 bits: as many as a double between 0 and 1 can tell apart.
        double part = (draw >>> 11) * 0x1p-53;
        return base + (long) (base * settings.jitter() * part);
    }

    boolean hasExpired(long ageNs, boolean nullSender) {
        long lifetimeNs = lifetimeNs(nullSender);
        return lifetimeNs == 0 || ageNs > lifetimeNs;
    }

    long lifetimeNs(boolean nullSender) {
        return nullSender ? settings.bounceLifetimeNs() : settings.lifetimeNs();
    }

    long maximalBackoffNs() {
        return settings.maximalBackoffNs();
    }

    /** A one-to-one scattering of 64 bits: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    static long mix(long value) {
        long mixed = value + 0x9e37_79b9_7f4a_7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d0_49bb_1331_11ebL;
        return mixed ^ mixed >>> 31;
    }
}
