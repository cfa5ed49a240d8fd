// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import java.util.Locale;

/**
 * Prints a time with the unit that suits it.
 * Thread: any (stateless).
 */
public final class Micros {
    private Micros() {}

    public static String format(long micros) {
        if (micros < 1_000) {
            return micros + " us";
        }
        if (micros < 1_000_000) {
            return digits(micros / 1e3) + " ms";
        }
        if (micros < 600_000_000) {
            return digits(micros / 1e6) + " s";
        }
        return digits(micros / 6e7) + " min";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
