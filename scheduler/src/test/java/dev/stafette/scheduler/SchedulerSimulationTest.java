// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the simulation. For a seed of your own: {@code -Dtest=SchedulerSimulationTest} with {@link #seeds} changed. */
class SchedulerSimulationTest {
    private static final int EVENTS = 1500;

    static LongStream seeds() {
        return LongStream.range(0, 80);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void keepsEveryRecipientInOnePlace(long seed) {
        run(seed, EVENTS);
    }

    @Test
    void keepsItsPromisesInALongRun() {
        run(4711, 20_000);
    }

    private static void run(long seed, int events) {
        try {
            new SchedulerSimulation(seed).run(events);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
        }
    }
}
