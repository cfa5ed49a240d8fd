// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Metrics;
import org.junit.jupiter.api.Test;

class QueueEventsTest {
    private static DeliveryOutcome deferred(Handover handover) {
        return new DeliveryOutcome(
                Kind.DEFERRED,
                Scope.SITE,
                EnhancedStatus.of(4, 4, 2),
                "lost connection with mx.b.test[192.0.2.1] while sending end of data -- message may be sent more than once",
                "mx.b.test[192.0.2.1]:25",
                1,
                null,
                null,
                handover);
    }

    @Test
    void countsWhatMayArriveTwice() {
        Metrics metrics = new Metrics(0);
        QueueEvents.count(metrics.openMeter("queue"), Kind.DEFERRED, deferred(Handover.FINAL));
        assertEquals(0, metrics.count(Count.DUPLICATES_POSSIBLE));
        QueueEvents.count(metrics.openMeter("queue"), Kind.DEFERRED, deferred(Handover.UNKNOWN));
        assertEquals(1, metrics.count(Count.DUPLICATES_POSSIBLE));
        assertEquals(2, metrics.count(Count.RECIPIENTS_DEFERRED));
    }

    @Test
    void addsWhatIsCountedElsewhere() {
        Metrics metrics = new Metrics(0);
        metrics.addSource(Count.SESSIONS_OUT, () -> 7);
        metrics.openMeter("T").count(Count.SESSIONS_OUT);
        assertEquals(8, metrics.count(Count.SESSIONS_OUT));
        assertEquals(0, metrics.count(Count.SESSIONS_IN));
    }
}
