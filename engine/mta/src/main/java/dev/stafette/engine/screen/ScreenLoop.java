// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.engine.smtp.PassGate;
import dev.stafette.engine.table.Inquirer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the screenings of one service share on one event loop.
 * Thread: event loop.
 *
 * @param passGate null: the service that clients pass to is not there
 * @param cache null: nobody is remembered
 */
record ScreenLoop(
        ScreenSettings settings,
        ScreenLog log,
        ScreenedClients clients,
        ScreenLoad load,
        @Nullable ScreenCache cache,
        @Nullable PassGate passGate,
        Dns dns,
        Inquirer inquirer,
        LongSupplier nanoClock,
        LongSupplier epochClock) {
    private static final int MS_PER_SECOND = 1000;

    ScreenSettings.Patience patience() {
        return load.isStressed() ? settings.stressed() : settings.calm();
    }

    int waitingCount() {
        return passGate == null ? 0 : passGate.waitingCount();
    }

    long nowNs() {
        return nanoClock.getAsLong();
    }

    long epochMs() {
        return epochClock.getAsLong();
    }

    long epochSeconds() {
        return epochMs() / MS_PER_SECOND;
    }
}
