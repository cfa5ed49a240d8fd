// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import dev.stafette.engine.metrics.Micros;
import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Draws a histogram of latencies with characters.
 * Thread: any (stateless).
 */
public final class LatencyChart {
    private static final int BAR_LENGTH_MAX = 50;
    /** Bounds grow as 1, 2, 5, 10, … µs. */
    private static final int[] STEPS = {1, 2, 5};

    private static final long DECADE_MAX = 1_000_000_000_000L;
    /** Rows at the ends with less are left out. */
    private static final double SHARE_MIN = 0.0005;

    private LatencyChart() {}

    /** {@code micros}: a histogram of µs. */
    public static void draw(PrintStream out, String title, Histogram micros) {
        out.printf(
                Locale.ROOT,
                "%n%s%n  p50 %s   p90 %s   p99 %s   p99.9 %s   max %s%n",
                title,
                at(micros, 50),
                at(micros, 90),
                at(micros, 99),
                at(micros, 99.9),
                Micros.format(micros.getMaxValue()));
        long total = micros.getTotalCount();
        long low = 0;
        double mostShare = mostShare(micros);
        for (long decade = 1; decade < DECADE_MAX && low <= micros.getMaxValue(); decade *= 10) {
            for (int step : STEPS) {
                long high = decade * step;
                double share = share(micros, low, high, total);
                if (share >= SHARE_MIN) {
                    int bar = (int) Math.max(1, Math.round(share / mostShare * BAR_LENGTH_MAX));
                    out.printf(
                            Locale.ROOT, "  < %-8s %5.1f %%  %s%n", Micros.format(high), share * 100, "#".repeat(bar));
                }
                low = high;
            }
        }
    }

    private static String at(Histogram micros, double percentile) {
        return Micros.format(micros.getValueAtPercentile(percentile));
    }

    private static double mostShare(Histogram micros) {
        double most = SHARE_MIN;
        long low = 0;
        for (long decade = 1; decade < DECADE_MAX; decade *= 10) {
            for (int step : STEPS) {
                most = Math.max(most, share(micros, low, decade * step, micros.getTotalCount()));
                low = decade * step;
            }
        }
        return most;
    }

    private static double share(Histogram micros, long low, long high, long total) {
        return total == 0 ? 0 : micros.getCountBetweenValues(low, high - 1) / (double) total;
    }
}
