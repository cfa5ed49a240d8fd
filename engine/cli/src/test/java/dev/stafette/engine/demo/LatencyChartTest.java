// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class LatencyChartTest {
    private static String draw(Histogram histogram) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LatencyChart.draw(new PrintStream(bytes, true, StandardCharsets.UTF_8), "Accept", histogram);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void drawsABarForEachRange() {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(1_500, 500);
        histogram.recordValueWithCount(3_000, 250);
        histogram.recordValueWithCount(600, 249);
        histogram.recordValueWithCount(40_000, 1);
        assertEquals("""

                Accept
                  p50 1.50 ms   p90 3.00 ms   p99 3.00 ms   p99.9 3.00 ms   max 40.0 ms
                  < 1.00 ms   24.9 %  #########################
                  < 2.00 ms   50.0 %  ##################################################
                  < 5.00 ms   25.0 %  #########################
                  < 50.0 ms    0.1 %  #
                """, draw(histogram));
    }

    @Test
    void drawsNothingWhereNothingWasRecorded() {
        assertEquals("\nAccept\n  p50 0 us   p90 0 us   p99 0 us   p99.9 0 us   max 0 us\n", draw(new Histogram(3)));
    }
}
