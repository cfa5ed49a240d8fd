// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.engine.verify.CacheFile.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings changes of the cache to its file, as many at a time as there are, and one time after the other.
 * Thread: its owner's, but for the writing, which workers do.
 */
final class CacheWriter {
    /** Lines that do not hold any more, before the file is written anew: as many as hold, and these. */
    private static final int DEAD_LINES_MIN = 1000;

    private final CacheFile file;
    private final VerifyCache cache;
    private final Executor owner;
    private final Executor workers;
    private final Consumer<String> warnings;

    // Owned by the owner's thread.
    private final Set<String> dirty = new LinkedHashSet<>();
    private int lineCount;
    private boolean isToBeRewritten;
    private boolean isWriting;
    private boolean isGivenUp;
    private @Nullable Runnable whenWritten;

    CacheWriter(
            CacheFile file,
            CacheFile.Content content,
            VerifyCache cache,
            Executor owner,
            Executor workers,
            Consumer<String> warnings) {
        this.file = file;
        this.cache = cache;
        this.owner = owner;
        this.workers = workers;
        this.warnings = warnings;
        this.lineCount = content.lineCount();
        this.isToBeRewritten = content.isDamaged();
    }

    void onChanged(String address) {
        if (!isGivenUp) {
            dirty.add(address);
            // Should the disk not keep pace, the whole is written instead.
            if (dirty.size() > cache.size() + DEAD_LINES_MIN) {
                dirty.clear();
                isToBeRewritten = true;
            }
        }
    }

    /** What has changed goes to the disk, unless something is on its way there: then that follows. */
    void write() {
        if (isWriting || isGivenUp || dirty.isEmpty() && !isToBeRewritten) {
            tellWritten();
            return;
        }
        isToBeRewritten |= lineCount + dirty.size() > 2 * cache.size() + DEAD_LINES_MIN;
        Writing writing = isToBeRewritten ? whole() : changes();
        dirty.clear();
        isToBeRewritten = false;
        isWriting = true;
        try {
            workers.execute(() -> run(writing));
        } catch (RejectedExecutionException e) {
            isWriting = false;
            isGivenUp = true;
            tellWritten();
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private Writing whole() {
        List<VerifyCache.Line> lines = cache.lines();
        lineCount = lines.size();
        return () -> file.rewrite(lines);
    }

    private Writing changes() {
        List<Change> changes = new ArrayList<>(dirty.size());
        dirty.forEach(address -> changes.add(new Change(address, cache.find(address))));
        lineCount += changes.size();
        return () -> file.append(changes);
    }

    private void run(Writing writing) {
        String failure = "";
        try {
            writing.run();
        } catch (IOException e) {
            failure = "cannot write " + file.path() + ": " + e + ": addresses are remembered in memory only";
        }
        String why = failure;
        try {
            owner.execute(() -> onWritten(why));
        } catch (RejectedExecutionException e) {
            // The process stops.
            return;
        }
    }

    private void onWritten(String failure) {
        isWriting = false;
        if (!failure.isEmpty()) {
            isGivenUp = true;
            dirty.clear();
            warnings.accept(failure);
        }
        write();
    }

    /** After trouble: from now on it is tried again. */
    void tryAgain() {
        if (isGivenUp) {
            isGivenUp = false;
            isToBeRewritten = true;
        }
    }

    /** {@code then}: run when everything that is known now is in the file, or it is clear that it will not be. */
    void finish(Runnable then) {
        whenWritten = then;
        write();
    }

    private void tellWritten() {
        Runnable then = whenWritten;
        if (then != null && !isWriting) {
            whenWritten = null;
            then.run();
        }
    }
}
