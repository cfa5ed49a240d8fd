// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attempts for each next hop: so many under way, the others in line behind them. An attempt that ends lets the next
 * one begin, most often on its own session, without a way through the queue.
 * Thread: event loop.
 */
final class AttemptLines {
    private final Consumer<Attempt> starter;

    // Owned by the loop.
    private final Map<String, Line> byNextHop = new HashMap<>();

    AttemptLines(Consumer<Attempt> starter) {
        this.starter = starter;
    }

    private static final class Line {
        private final ArrayDeque<Attempt> waiting = new ArrayDeque<>(4);
        private int underWayCount;
    }

    /** Begins now or when its turn has come. */
    void offer(Attempt attempt) {
        Line line = byNextHop.computeIfAbsent(attempt.nextHop(), hop -> new Line());
        line.waiting.add(attempt);
        startThoseThatMay(line);
    }

    private void startThoseThatMay(Line line) {
        Attempt first = line.waiting.peek();
        while (first != null && line.underWayCount < first.request().attemptsMax()) {
            line.waiting.remove();
            count(line, first);
            starter.accept(first);
            first = line.waiting.peek();
        }
    }

    private static void count(Line line, Attempt attempt) {
        attempt.underWay = true;
        line.underWayCount++;
    }

    /** The next in line for the next hop, whose envelope may go behind a message; null when none waits. */
    @Nullable
    Attempt takeNext(String nextHop) {
        Line line = byNextHop.get(nextHop);
        return line == null ? null : line.waiting.poll();
    }

    /** What was taken goes back to its place. */
    void putBack(Attempt attempt) {
        byNextHop.computeIfAbsent(attempt.nextHop(), hop -> new Line()).waiting.addFirst(attempt);
    }

    /** What was taken is under way now. */
    void enter(Attempt attempt) {
        count(byNextHop.computeIfAbsent(attempt.nextHop(), hop -> new Line()), attempt);
    }

    /** It has ended. The attempts behind it are not sent to a site that has just failed. */
    void leave(Attempt attempt, boolean siteFailed) {
        Line line = byNextHop.get(attempt.nextHop());
        if (line == null) {
            return;
        }
        if (attempt.underWay) {
            attempt.underWay = false;
            line.underWayCount--;
        } else {
            line.waiting.remove(attempt);
        }
        if (siteFailed) {
            giveBack(line);
        }
        startThoseThatMay(line);
        if (line.underWayCount == 0 && line.waiting.isEmpty()) {
            byNextHop.remove(attempt.nextHop(), line);
        }
    }

    private static void giveBack(Line line) {
        // The last first: each goes to the front of the queue that it came from.
        while (!line.waiting.isEmpty()) {
            line.waiting.removeLast().giveBack();
        }
    }
}
