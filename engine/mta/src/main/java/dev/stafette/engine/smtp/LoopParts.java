// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.loop.ReusedBuffer;
import dev.stafette.delivery.loop.ReusedReads;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.metrics.Meter;
import dev.stafette.engine.table.Inquirer;
import java.util.function.LongSupplier;

/**
 * What all sessions on one event loop share.
 * Thread: event loop.
 *
 * @param inquirer has judgements made
 */
record LoopParts(
        IntakeLoop intake,
        ClientNames names,
        Inquirer inquirer,
        Meter meter,
        LongSupplier nanoClock,
        LongSupplier epochClock,
        ReusedReads reads,
        ReusedBuffer replies) {
    long nowNs() {
        return nanoClock.getAsLong();
    }

    long epochMs() {
        return epochClock.getAsLong();
    }
}
