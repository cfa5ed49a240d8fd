// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * The figures of one round.
 * Thread: any (a value).
 *
 * @param directPerSecond source straight into sink, just before
 * @param relayPerSecond through the relay, from the first MAIL until the last message was delivered
 * @param source what the source saw of the relay
 * @param userMicros CPU of the relay process for a message
 * @param syncsPerMessage calls to fdatasync for an accepted message
 */
record Round(
        double directPerSecond,
        double relayPerSecond,
        SourceFigures source,
        double userMicros,
        double systemMicros,
        double syncsPerMessage,
        double residentMegabytes) {
    static final String HEAD = String.format(
            Locale.ROOT,
            "%-7s %9s %9s %6s %9s %8s %8s %8s %8s %7s %7s %9s %7s",
            "round",
            "direct/s",
            "relay/s",
            "ratio",
            "accept/s",
            "p50 ms",
            "p99 ms",
            "p99.9",
            "max ms",
            "user us",
            "sys us",
            "syncs/msg",
            "RSS MB");

    String row(String name) {
        return String.format(
                Locale.ROOT,
                "%-7s %,9.0f %,9.0f %6.3f %,9.0f %8.2f %8.2f %8.2f %8.2f %7.1f %7.1f %9.4f %7.0f",
                name,
                directPerSecond,
                relayPerSecond,
                relayPerSecond / directPerSecond,
                source.perSecond(),
                source.p50Ms(),
                source.p99Ms(),
                source.p999Ms(),
                source.maxMs(),
                userMicros,
                systemMicros,
                syncsPerMessage,
                residentMegabytes);
    }

    /** The median of each column. */
    static Round median(List<Round> rounds) {
        SourceFigures source = new SourceFigures(
                Math.round(median(rounds, r -> r.source.acknowledgedCount())),
                Math.round(median(rounds, r -> r.source.refusedCount())),
                median(rounds, r -> r.source.seconds()),
                median(rounds, r -> r.source.p50Ms()),
                median(rounds, r -> r.source.p99Ms()),
                median(rounds, r -> r.source.p999Ms()),
                median(rounds, r -> r.source.maxMs()));
        return new Round(
                median(rounds, Round::directPerSecond),
                median(rounds, Round::relayPerSecond),
                source,
                median(rounds, Round::userMicros),
                median(rounds, Round::systemMicros),
                median(rounds, Round::syncsPerMessage),
                median(rounds, Round::residentMegabytes));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> column) {
        return median(rounds.stream().mapToDouble(column));
    }

    static double median(DoubleStream figures) {
        double[] values = figures.sorted().toArray();
        return (values[(values.length - 1) / 2] + values[values.length / 2]) / 2;
    }
}
