// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private static StageSummary summary(Metrics metrics, Stage stage) {
        return metrics.summaries().get(stage.ordinal());
    }

    @Test
    void mergesTheMetersOfAllThreads() throws InterruptedException {
        Metrics metrics = new Metrics(0);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Meter meter = metrics.openMeter("T" + t);
            int first = t * 250;
            threads.add(new Thread(() -> {
                for (int i = 1; i <= 250; i++) {
                    meter.record(Stage.ACCEPT, TimeUnit.MICROSECONDS.toNanos(first + i));
                    meter.count(Count.MESSAGES_ACCEPTED);
                }
            }));
        }
        threads.forEach(Thread::start);
        // What is read while they write is neither lost nor counted twice.
        metrics.summaries();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(new StageSummary(Stage.ACCEPT, 1000, 500, 900, 990, 999, 1000), summary(metrics, Stage.ACCEPT));
        assertEquals(1000, metrics.count(Count.MESSAGES_ACCEPTED));
        assertEquals(0, metrics.count(Count.RECIPIENTS_BOUNCED));
    }

    @Test
    void listsEveryStageInItsOrder() {
        List<Stage> stages =
                new Metrics(0).summaries().stream().map(StageSummary::stage).toList();
        assertEquals(Arrays.asList(Stage.values()), stages);
    }

    @Test
    void clampsWhatIsTooShortAndTooLong() {
        Metrics metrics = new Metrics(0);
        Meter meter = metrics.openMeter("T");
        meter.record(Stage.SYNC, 0);
        meter.record(Stage.SYNC, -7);
        meter.record(Stage.SYNC, Long.MAX_VALUE);
        StageSummary sync = summary(metrics, Stage.SYNC);
        assertEquals(3, sync.count());
        assertEquals(1, sync.p50Micros());
        assertEquals(StageTimes.MICROS_MAX, sync.maxMicros(), StageTimes.MICROS_MAX / 1000.0);
    }

    /** Of any magnitude, and the first beyond each power of two. */
    @Test
    void countsInTheBucketsOfTheLibrary() {
        Metrics metrics = new Metrics(0);
        Meter meter = metrics.openMeter("T");
        Histogram expected = new Histogram(StageTimes.SIGNIFICANT_DIGITS);
        Random random = new Random(7);
        for (int bits = 1; bits < 39; bits++) {
            for (int i = 0; i < 50; i++) {
                long micros = (1L << bits) + (i < 2 ? -i : random.nextLong() & (1L << bits) - 1);
                meter.record(Stage.DELIVERY, TimeUnit.MICROSECONDS.toNanos(micros));
                expected.recordValue(micros);
            }
        }
        Histogram told = metrics.histogram(Stage.DELIVERY);
        assertEquals(expected.getTotalCount(), told.getTotalCount());
        assertEquals(expected.getMinValue(), told.getMinValue());
        assertEquals(expected.getMaxValue(), told.getMaxValue());
        assertEquals(expected.getMean(), told.getMean());
        for (double percentile = 0; percentile <= 100; percentile += 0.5) {
            assertEquals(expected.getValueAtPercentile(percentile), told.getValueAtPercentile(percentile));
        }
    }

    @Test
    void writesALogThatHistogramReadersUnderstand() {
        Metrics metrics = new Metrics(1_790_000_000_000L);
        Meter meter = metrics.openMeter("T");
        for (int i = 1; i <= 1000; i++) {
            meter.record(Stage.QUEUE_WAIT, TimeUnit.MICROSECONDS.toNanos(i));
        }
        List<String> lines = metrics.hlogLines(1_790_000_060_000L);
        assertTrue(
                lines.stream().anyMatch(line -> line.contains("Histogram log format version 1.3")), lines.toString());
        HistogramLogReader reader = new HistogramLogReader(
                new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8)));
        int seen = 0;
        while (reader.hasNext()) {
            EncodableHistogram next = reader.nextIntervalHistogram();
            if (next instanceof Histogram histogram && "queue-wait".equals(histogram.getTag())) {
                assertEquals(1000, histogram.getTotalCount());
                assertEquals(990, histogram.getValueAtPercentile(99));
                assertEquals(1_790_000_060_000L, histogram.getEndTimeStamp());
            }
            seen++;
        }
        assertEquals(Stage.values().length, seen);
    }

    @Test
    void addsTheTimesThatNoSingleThreadRecords() {
        Metrics metrics = new Metrics(0);
        SharedTimes handshakes = new SharedTimes(Stage.TLS_OUT);
        metrics.addSource(handshakes);
        handshakes.record(TimeUnit.MICROSECONDS.toNanos(500));
        assertEquals(1, summary(metrics, Stage.TLS_OUT).count());
        handshakes.record(TimeUnit.MICROSECONDS.toNanos(700));
        handshakes.record(0);
        assertEquals(3, summary(metrics, Stage.TLS_OUT).count());
        assertEquals(700, summary(metrics, Stage.TLS_OUT).maxMicros());
        assertEquals(0, summary(metrics, Stage.TLS_OUT_RESUMED).count());
    }
}
