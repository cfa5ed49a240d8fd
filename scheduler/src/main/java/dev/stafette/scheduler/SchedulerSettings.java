// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.Map;
import java.util.Objects;

/**
 * The scheduler's settings.
 *
 * @param transports those that differ from the defaults, by the name of their service
 * @param minimalBackoffNs the shortest wait of a deferred recipient, and how long a dead destination rests
 * @param maximalBackoffNs the longest wait, without its jitter
 * @param lifetimeNs a recipient that is deferred when its message is older than this has expired; 0 is at the first deferral
 * @param bounceLifetimeNs the same for the null sender; never longer than the other
 * @param jitter the largest part of a wait that chance adds to it, 0..1
 * @param probesDead a dead destination comes back with a window of 1, and dies again at the first failure; otherwise
 *     with the initial window, as in Postfix
 * @param recipientCountMax queued recipients beyond which {@link Scheduler#hasRoom} refuses
 */
public record SchedulerSettings(
        TransportSettings defaults,
        Map<String, TransportSettings> transports,
        long minimalBackoffNs,
        long maximalBackoffNs,
        long lifetimeNs,
        long bounceLifetimeNs,
        double jitter,
        boolean probesDead,
        int recipientCountMax) {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DAY_NS = 86_400 * SECOND_NS;

    /** About a century: sums with a clock's reading stay far from overflow. */
    private static final long TIME_NS_MAX = 36_500 * DAY_NS;

    /** Postfix's where it has them. */
    public static final SchedulerSettings DEFAULTS = new SchedulerSettings(
            TransportSettings.DEFAULTS,
            Map.of(),
            300 * SECOND_NS,
            4000 * SECOND_NS,
            5 * DAY_NS,
            5 * DAY_NS,
            0.15,
            true,
            10_000_000);

    public SchedulerSettings {
        Objects.requireNonNull(defaults, "defaults");
        transports = Map.copyOf(transports);
        Ranges.check("minimal_backoff_time", minimalBackoffNs, 1, TIME_NS_MAX);
        Ranges.check("maximal_backoff_time", maximalBackoffNs, minimalBackoffNs, TIME_NS_MAX);
        Ranges.check("maximal_queue_lifetime", lifetimeNs, 0, TIME_NS_MAX);
        Ranges.check("bounce_queue_lifetime", bounceLifetimeNs, 0, TIME_NS_MAX);
        Ranges.check("recipient count", recipientCountMax, 1, Integer.MAX_VALUE);
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter: " + jitter + " (expected: 0..1)");
        }
        bounceLifetimeNs = Math.min(bounceLifetimeNs, lifetimeNs);
    }

    public TransportSettings forTransport(String name) {
        return transports.getOrDefault(name, defaults);
    }
}
