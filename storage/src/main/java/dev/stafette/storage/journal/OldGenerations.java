// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.DiskTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The generations before the one that is written: read for the checkpoint one behind the other, and deleted when the
 * checkpoint is durable.
 * Thread: queue agent; reading and deleting are the disk's.
 */
final class OldGenerations {
    private final Path spool;
    private final DiskSync sync;
    private final DiskTasks disk;
    private final Consumer<List<Long>> onDeleted;

    // Owned by the queue agent.
    private final ArrayDeque<Long> unread = new ArrayDeque<>();
    private final ArrayDeque<Long> checkpointed = new ArrayDeque<>();
    private final ArrayDeque<Long> deleting = new ArrayDeque<>();
    private @Nullable OldGeneration oldest;
    private OldGeneration.@Nullable Page page;
    private boolean isReading;

    /** @param onDeleted hears which are no more */
    OldGenerations(Path spool, DiskSync sync, DiskTasks disk, Consumer<List<Long>> onDeleted) {
        this.spool = spool;
        this.sync = sync;
        this.disk = disk;
        this.onDeleted = onDeleted;
    }

    void addAll(Collection<Long> ids) {
        unread.addAll(ids);
    }

    /** Nothing of them is left to be checkpointed. */
    boolean areRead() {
        return unread.isEmpty();
    }

    boolean areGone() {
        return unread.isEmpty() && checkpointed.isEmpty() && deleting.isEmpty();
    }

    /** Whether {@link #next} has something to say; if not, it is being read. */
    boolean hasPage() {
        if (page == null && !isReading && !unread.isEmpty()) {
            readOn();
        }
        return page != null;
    }

    private void readOn() {
        OldGeneration reading = oldest;
        if (reading == null) {
            reading = new OldGeneration(
                    spool.resolve(GenerationNames.directory(unread.element())).resolve(GenerationNames.FILE));
            oldest = reading;
        }
        OldGeneration from = reading;
        isReading = true;
        disk.submit(() -> {
            OldGeneration.Page read = from.read();
            return () -> {
                isReading = false;
                // Else the reading was stopped meanwhile, and begins again.
                page = oldest == from ? read : null;
            };
        });
    }

    /** The next message; null at the end of what was read. */
    OldGeneration.@Nullable Message next() {
        OldGeneration.Page at = page;
        OldGeneration.Message message = at == null ? null : at.messages().poll();
        if (message == null && at != null) {
            page = null;
            if (at.isLast()) {
                oldest = null;
                checkpointed.add(unread.remove());
            }
        }
        return message;
    }

    /** The checkpoint is durable. */
    void deleteCheckpointed() {
        List<Long> ids = List.copyOf(checkpointed);
        checkpointed.clear();
        deleting.addAll(ids);
        disk.submit(() -> {
            ids.forEach(id -> GenerationNames.delete(spool, id, sync));
            return () -> {
                deleting.removeAll(ids);
                onDeleted.accept(ids);
            };
        });
    }

    /** The generation with the checkpoint in it is not to be believed: it begins again. */
    void readAgain() {
        // Those that were read are older than those that were not.
        while (!checkpointed.isEmpty()) {
            unread.addFirst(checkpointed.removeLast());
        }
        OldGeneration reading = oldest;
        oldest = null;
        page = null;
        if (reading != null) {
            disk.submit(() -> {
                reading.close();
                return () -> {};
            });
        }
    }

    /** Nothing is being read. */
    void close() throws IOException {
        if (oldest != null) {
            oldest.close();
        }
    }
}
