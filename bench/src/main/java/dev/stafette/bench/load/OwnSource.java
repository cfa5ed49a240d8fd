// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.load.LoadResult;
import dev.stafette.engine.load.LoadSettings;
import dev.stafette.engine.load.LoadSource;
import dev.stafette.engine.load.SequenceSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The load source, on threads of this process.
 * Thread: main.
 */
final class OwnSource implements Source {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final double MICROS_IN_MILLI = 1000;

    private final LoadSettings settings;
    private final List<SequenceSet> acknowledged = new ArrayList<>();

    /** {@code settings}: all but target, numbers and count. */
    OwnSource(LoadSettings settings) {
        this.settings = settings;
    }

    @Override
    public SourceFigures send(int port, long firstSequence, long messageCount) throws IOException {
        LoadSettings own = settings.withTarget(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .withMessages(firstSequence, messageCount);
        LoadResult result;
        try (LoadSource source = LoadSource.start(own)) {
            result = source.await(TIMEOUT);
        }
        acknowledged.add(result.acknowledged());
        Histogram latencies = result.latencies();
        return new SourceFigures(
                result.acknowledged().size(),
                result.transientCount() + result.permanentCount() + result.unansweredCount(),
                result.seconds(),
                latencies.getValueAtPercentile(50) / MICROS_IN_MILLI,
                latencies.getValueAtPercentile(99) / MICROS_IN_MILLI,
                latencies.getValueAtPercentile(99.9) / MICROS_IN_MILLI,
                latencies.getMaxValue() / MICROS_IN_MILLI);
    }

    /** How many of all that got their 250 a sink has not seen. */
    int missingFrom(SequenceSet seen) {
        return acknowledged.stream().mapToInt(set -> set.missingFrom(seen)).sum();
    }
}
