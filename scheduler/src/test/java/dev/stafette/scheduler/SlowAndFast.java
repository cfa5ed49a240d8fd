// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.List;
import java.util.Map;

/** A scheduler with two transports, {@code slow}, which waits between attempts, and {@code fast}. Thread: the test's. */
final class SlowAndFast {
    final Scheduler scheduler;
    long nowNs;
    private final SinkRecord sink = new SinkRecord();
    private long lastQueueId;

    SlowAndFast(TransportSettings slow) {
        scheduler = new Scheduler(settings(slow), 1, 0);
    }

    static SchedulerSettings settings(TransportSettings slow) {
        SchedulerSettings like = SchedulerSettings.DEFAULTS;
        return new SchedulerSettings(
                like.defaults(),
                Map.of("slow", slow),
                like.minimalBackoffNs(),
                like.maximalBackoffNs(),
                like.lifetimeNs(),
                like.bounceLifetimeNs(),
                0,
                true,
                like.recipientCountMax());
    }

    void send(String transport, String hop, int count) {
        for (int i = 0; i < count; i++) {
            int message = scheduler.addMessage(++lastQueueId, nowNs, false, 0, 0);
            scheduler.addReady(message, 0, scheduler.destination(transport, hop));
        }
    }

    List<Entry> poll() {
        scheduler.poll(nowNs, sink, 1000);
        return sink.takeEntries();
    }
}
