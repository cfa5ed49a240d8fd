// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.metrics.Stage;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a demo measured.
 * Thread: main.
 *
 * @param deliveredCount by the relay
 * @param arrivedCount at the site
 * @param seconds from the first MAIL until the last message was delivered
 * @param cpu of the relay
 * @param histograms the relay's, in µs, by stage
 */
record DemoFigures(
        LoadResult sent,
        long deliveredCount,
        long arrivedCount,
        double seconds,
        CpuTime cpu,
        Map<String, Histogram> histograms) {
    /** Nothing that was acknowledged is missing, and nothing came twice. */
    boolean isWhole() {
        int acknowledged = sent.acknowledged().size();
        return acknowledged > 0 && deliveredCount == acknowledged && arrivedCount == acknowledged;
    }

    void print(PrintStream out, DemoSettings settings, String fileSystem) {
        out.printf(
                Locale.ROOT,
                "%,d messages of %,d bytes in %.1f s, over %d sessions:%n",
                sent.acknowledged().size(),
                settings.messageBytes(),
                seconds,
                settings.sessionCount());
        out.printf(Locale.ROOT, "  %,9.0f messages/s accepted by the relay%n", sent.perSecond());
        out.printf(Locale.ROOT, "  %,9.0f messages/s through relay and site%n", deliveredCount / seconds);
        double count = Math.max(1, deliveredCount);
        out.printf(
                Locale.ROOT,
                "  %,9.0f us of CPU a message in the relay (%.0f user, %.0f system)%n",
                (cpu.userMicros() + cpu.systemMicros()) / count,
                cpu.userMicros() / count,
                cpu.systemMicros() / count);
        out.printf(
                Locale.ROOT,
                "  %,9d accepted, %,d delivered, %,d arrived%n",
                sent.acknowledged().size(),
                deliveredCount,
                arrivedCount);
        out.printf(
                "Source, relay and site share this machine; relay and site each had every message on stable storage (%s)%n"
                        + "before its 250. What was sent while the JVMs warmed up is not in these figures.%n",
                fileSystem);
        draw(out, "Accept: from MAIL to the 250 behind the content, durable", Stage.ACCEPT);
        draw(out, "Queue wait: from durable to the first attempt", Stage.QUEUE_WAIT);
        draw(out, "Delivery: an attempt, from its start to its outcome", Stage.DELIVERY);
        out.flush();
    }

    private void draw(PrintStream out, String title, Stage stage) {
        @Nullable Histogram histogram = histograms.get(stage.text());
        if (histogram != null) {
            LatencyChart.draw(out, title, histogram);
        }
    }
}
