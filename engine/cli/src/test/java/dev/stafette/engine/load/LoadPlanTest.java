// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LoadPlanTest {
    private static final LoadSettings THREE =
            LoadSettings.closedLoop(InetSocketAddress.createUnresolved("localhost", 25), 1, 3, 1000);
    /** Just before the clock of the JVM wraps; parsed, so that the compiler does not see it. */
    private static final long START_NS = Long.parseLong("9223372036854775802");

    private static final long MS = 1_000_000;

    @Test
    void handsOutEachMessageOnce() {
        LoadPlan plan = new LoadPlan(THREE, START_NS);
        assertEquals(0, plan.take(START_NS));
        assertEquals(1, plan.take(START_NS));
        assertEquals(2, plan.take(START_NS));
        assertEquals(LoadPlan.EXHAUSTED, plan.take(START_NS));
        assertEquals(3, plan.takenCount());
    }

    @Test
    void keepsTheTimeThatALateMessageWasDueAt() {
        LoadPlan plan = new LoadPlan(THREE.withRate(100), START_NS);
        assertEquals(0, plan.take(START_NS));
        assertEquals(LoadPlan.NOT_YET, plan.take(START_NS + 10 * MS - 1));
        assertEquals(START_NS + 10 * MS, plan.nextDueNs(START_NS));
        // A stall of a second: both are late, and each by its own time.
        long lateNs = START_NS + 1000 * MS;
        assertEquals(1, plan.take(lateNs));
        assertEquals(2, plan.take(lateNs));
        assertEquals(START_NS + 10 * MS, plan.dueNs(1, lateNs));
        assertEquals(START_NS + 20 * MS, plan.dueNs(2, lateNs));
    }

    @Test
    void beginsNothingAfterTheTimeLimit() {
        LoadPlan plan = new LoadPlan(THREE.withTimeLimit(Duration.ofMillis(50)), START_NS);
        assertEquals(0, plan.take(START_NS + 50 * MS));
        assertEquals(LoadPlan.EXHAUSTED, plan.take(START_NS + 50 * MS + 1));
    }

    @Test
    void endsWhenItIsAborted() {
        LoadPlan plan = new LoadPlan(THREE, START_NS);
        plan.abort();
        assertEquals(LoadPlan.EXHAUSTED, plan.take(START_NS));
    }
}
