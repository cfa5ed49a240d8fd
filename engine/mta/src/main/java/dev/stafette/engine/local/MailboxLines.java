// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.DeliveryRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The requests for each mailbox: as many turns at a time as attempts may be under way, and in each turn all that has come for it
 * since the one before, up to a limit. Between two turns of one mailbox it is the others' turn.
 * Thread: any.
 */
final class MailboxLines {
    /** Of one turn: their locks and syncs are shared. */
    private static final int TOGETHER_MAX = 16;

    private final Executor workers;
    private final Consumer<List<Waiting>> turn;

    // Guarded by this.
    private final Map<String, Line> byMailbox = new HashMap<>();

    /** {@code givenNs}: when it came. */
    record Waiting(DeliveryRequest request, long givenNs) {}

    private static final class Line {
        private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(4);
        private int turnCount;
    }

    /** {@code turn}: takes place on a worker, and answers each request. */
    MailboxLines(Executor workers, Consumer<List<Waiting>> turn) {
        this.workers = workers;
        this.turn = turn;
    }

    void offer(String mailbox, DeliveryRequest request) {
        if (enter(mailbox, new Waiting(request, System.nanoTime()))) {
            workers.execute(() -> run(mailbox));
        }
    }

    /** True: it begins a turn. */
    private synchronized boolean enter(String mailbox, Waiting one) {
        Line line = byMailbox.computeIfAbsent(mailbox, unused -> new Line());
        line.waiting.add(one);
        boolean begins = line.turnCount < Math.max(1, one.request().attemptsMax());
        line.turnCount += begins ? 1 : 0;
        return begins;
    }

    private void run(String mailbox) {
        List<Waiting> taken = take(mailbox);
        try {
            if (!taken.isEmpty()) {
                turn.accept(taken);
            }
        } finally {
            if (staysInLine(mailbox)) {
                workers.execute(() -> run(mailbox));
            }
        }
    }

    private synchronized List<Waiting> take(String mailbox) {
        Line line = Objects.requireNonNull(byMailbox.get(mailbox));
        List<Waiting> taken = new ArrayList<>();
        for (Waiting one = line.waiting.poll(); one != null; one = line.waiting.poll()) {
            taken.add(one);
            if (taken.size() == TOGETHER_MAX) {
                break;
            }
        }
        return taken;
    }

    private synchronized boolean staysInLine(String mailbox) {
        Line line = Objects.requireNonNull(byMailbox.get(mailbox));
        if (!line.waiting.isEmpty()) {
            return true;
        }
        line.turnCount--;
        if (line.turnCount == 0) {
            byMailbox.remove(mailbox);
        }
        return false;
    }
}
