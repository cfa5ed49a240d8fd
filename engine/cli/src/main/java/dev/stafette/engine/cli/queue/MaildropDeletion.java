// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.pickup.WaitingMail;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * What {@code postsuper} does while the mail system is down: it deletes from {@code maildrop/}, whose files belong to nobody
 * then. The queue stays as it is.
 * Thread: main.
 */
final class MaildropDeletion {
    private static final int NAMES_MAX = 10_000;

    private final WaitingMail waiting;
    private final List<String> queues;

    // What was done, and whether the queue would have had to be asked.
    private long deletedCount;
    private boolean needsQueue;

    /** {@code queues}: what the command is limited to; empty for none. */
    MaildropDeletion(WaitingMail waiting, List<String> queues) {
        this.waiting = waiting;
        this.queues = queues;
    }

    private boolean concernsMaildrop() {
        return queues.isEmpty() || queues.contains("maildrop");
    }

    /** Something else than deletion was wanted, which in {@code maildrop/} means nothing. */
    void skip() {
        needsQueue |= !queues.equals(List.of("maildrop"));
    }

    void deleteAll() throws IOException {
        skip();
        if (!concernsMaildrop()) {
            return;
        }
        List<String> ids = waiting.ids("", NAMES_MAX);
        while (!ids.isEmpty()) {
            deletedCount += ids.stream().filter(waiting::delete).count();
            ids = waiting.ids(ids.get(ids.size() - 1), NAMES_MAX);
        }
    }

    /** {@code deleted} hears of each file that goes. */
    void deleteNamed(QueueIds ids, Consumer<String> deleted) throws IOException {
        for (List<String> some = ids.next(1); !some.isEmpty(); some = ids.next(1)) {
            String id = some.get(0);
            if (concernsMaildrop() && waiting.delete(id)) {
                deletedCount++;
                deleted.accept(id);
            } else {
                skip();
            }
        }
    }

    long deletedCount() {
        return deletedCount;
    }

    boolean needsQueue() {
        return needsQueue;
    }
}
