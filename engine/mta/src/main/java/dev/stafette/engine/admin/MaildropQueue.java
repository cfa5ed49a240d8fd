// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.AdministeredQueue.ContentListener;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.pickup.MaildropEntry;
import dev.stafette.engine.pickup.Pickup;
import dev.stafette.engine.pickup.WaitingMail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What administration asks of {@code maildrop/}: files are read by workers, and deleted by the pickup service, which knows
 * which of them are on their way into the queue. A file may be taken in at any time: what is asked of one that has gone is
 * left out of the answer.
 * Thread: any; the answers come on whatever thread has them.
 */
public final class MaildropQueue {
    /** Where a walk over the files begins. */
    static final String FIRST = "";

    private final WaitingMail waiting;
    private final Executor workers;
    private final @Nullable Pickup pickup;
    private final Supplier<String> nobody;

    /**
     * @param pickup null where the service does not run; then nothing is on its way
     * @param nobody what is shown for an empty address ({@code empty_address_recipient})
     */
    public MaildropQueue(WaitingMail waiting, Executor workers, @Nullable Pickup pickup, Supplier<String> nobody) {
        this.nobody = nobody;
        this.waiting = waiting;
        this.workers = workers;
        this.pickup = pickup;
    }

    /** The ids that follow {@code after} in their order, at most {@code limit}; none behind the last. */
    void ids(String after, int limit, Consumer<List<String>> listener) {
        workers.execute(() -> {
            List<String> ids;
            try {
                ids = waiting.ids(after, limit);
            } catch (IOException e) {
                // Pickup says so in the log at each of its looks; the rest of the queue can be shown.
                ids = List.of();
            }
            listener.accept(ids);
        });
    }

    /** What these files hold, in the same order. */
    void entries(List<String> ids, Consumer<List<MaildropEntry>> listener) {
        workers.execute(() -> {
            List<MaildropEntry> entries = new ArrayList<>(ids.size());
            for (String id : ids) {
                MaildropEntry entry = waiting.entry(id);
                if (entry != null) {
                    entries.add(entry);
                }
            }
            listener.accept(entries);
        });
    }

    /** As {@link #entries}, as they are shown. */
    void messages(List<String> ids, Consumer<List<QueuedMessage>> listener) {
        entries(ids, found -> listener.accept(found.stream().map(this::message).toList()));
    }

    private QueuedMessage message(MaildropEntry entry) {
        List<QueuedRecipient> recipients = new ArrayList<>(entry.recipients().size());
        entry.recipients().forEach(address -> recipients.add(new QueuedRecipient(shown(address), null, null)));
        return new QueuedMessage(
                QueueName.MAILDROP,
                entry.id(),
                entry.arrivalMs(),
                entry.sizeBytes(),
                false,
                shown(entry.sender()),
                recipients);
    }

    private String shown(String address) {
        return address.isEmpty() ? nobody.get() : address;
    }

    /** Records from {@code offset} on, at most {@code limit} bytes; empty at the end, null when there is no such file. */
    void content(String id, long offset, int limit, ContentListener listener) {
        workers.execute(() -> listener.onContent(waiting.read(id, offset, limit)));
    }

    /** Deletes them; what is on its way into the queue is left alone. */
    void delete(List<String> ids, Consumer<List<String>> listener) {
        if (pickup == null) {
            workers.execute(
                    () -> listener.accept(ids.stream().filter(waiting::delete).toList()));
        } else {
            pickup.delete(ids, listener::accept);
        }
    }
}
