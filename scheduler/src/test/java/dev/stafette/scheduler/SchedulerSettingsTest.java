// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SchedulerSettingsTest {
    private static final SchedulerSettings DEFAULTS = SchedulerSettings.DEFAULTS;

    @Test
    void hasThePostfixDefaults() {
        TransportSettings transport = DEFAULTS.forTransport("smtp");
        assertEquals(20, transport.concurrencyLimit());
        assertEquals(5, transport.initialConcurrency());
        assertEquals(50, transport.recipientLimit());
        assertEquals(1, transport.cohortLimit());
        assertEquals(new Feedback(1, false), transport.positive());
        assertEquals(new Feedback(1, false), transport.negative());
        assertEquals(TimeUnit.SECONDS.toNanos(300), DEFAULTS.minimalBackoffNs());
        assertEquals(TimeUnit.SECONDS.toNanos(4000), DEFAULTS.maximalBackoffNs());
        assertEquals(TimeUnit.DAYS.toNanos(5), DEFAULTS.lifetimeNs());
        assertEquals(TimeUnit.DAYS.toNanos(5), DEFAULTS.bounceLifetimeNs());
    }

    @Test
    void takesWhatATransportOverrides() {
        TransportSettings local = TransportSettings.DEFAULTS.withConcurrency(5, 2);
        SchedulerSettings settings = settings(Map.of("local", local), 300, 4000, 10, 20, 0);
        assertEquals(2, settings.forTransport("local").initialConcurrency());
        assertEquals(5, settings.forTransport("smtp").initialConcurrency());
        assertEquals(10, settings.bounceLifetimeNs(), "no longer than the other");
    }

    private static SchedulerSettings settings(
            Map<String, TransportSettings> transports, long min, long max, long life, long bounce, double jitter) {
        return new SchedulerSettings(
                TransportSettings.DEFAULTS, transports, min, max, life, bounce, jitter, true, 1000);
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> settings(Map.of(), 0, 10, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> settings(Map.of(), 10, 9, 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> settings(Map.of(), 1, 10, -1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> settings(Map.of(), 1, 10, 1, 1, 1.1));
        assertThrows(IllegalArgumentException.class, () -> new Feedback(1.5, false));
        assertThrows(IllegalArgumentException.class, () -> new Feedback(Double.NaN, true));
        assertThrows(IllegalArgumentException.class, () -> TransportSettings.DEFAULTS.withConcurrency(0, 5));
    }
}
