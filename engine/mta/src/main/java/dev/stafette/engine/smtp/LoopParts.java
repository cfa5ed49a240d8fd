// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.metrics.Meter;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What all sessions on one event loop share.
 * Thread: event loop.
 *
 * @param lookups for tables that may have to be waited for
 */
record LoopParts(
        IntakeLoop intake,
        ClientNames names,
        Executor lookups,
        Meter meter,
        LongSupplier nanoClock,
        LongSupplier epochClock) {
    long nowNs() {
        return nanoClock.getAsLong();
    }

    long epochMs() {
        return epochClock.getAsLong();
    }
}
