// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.TableHost;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What was made of a file, and is made again when the file changes: a look-up sees the old or the new, never a part.
 * Thread: any.
 *
 * <p>The file is looked at when somebody asks, at most every {@value #CHECK_INTERVAL_MS} ms. One that was replaced is
 * taken at once; one that is written in place is taken when it has not changed from one look to the next, and not while
 * it was read, so that half a file is not used. A file that is gone, or is wrong, leaves the last good version in use
 * and is warned about once.
 *
 * @param <T> what is made of it; it does not change
 */
public final class FileVersions<T> {
    public static final long CHECK_INTERVAL_MS = 200;
    private static final long CHECK_INTERVAL_NS = CHECK_INTERVAL_MS * 1_000_000;

    private final Path file;
    private final Reading<T> reading;
    private final TableHost host;
    private final Executor executor;

    /** Set by whoever looks at the file, which {@link #busy} makes one thread at a time. */
    private final AtomicBoolean busy = new AtomicBoolean();

    // Owned by the thread that has set busy, which also publishes them.
    private FileStamp stamp;
    private @Nullable FileStamp seen;
    private @Nullable FileStamp refused;

    // Written by the thread that has set busy, read by all.
    private volatile T current;
    private volatile long nextCheckNs;

    /** Makes something of the file; throws a ConfigException for what is wrong in it. */
    public interface Reading<T> {
        T read(Path file) throws IOException;
    }

    private FileVersions(Path file, Reading<T> reading, TableHost host, Executor executor, FileStamp stamp, T first) {
        this.file = file;
        this.reading = reading;
        this.host = host;
        this.executor = executor;
        this.stamp = stamp;
        this.current = first;
        this.nextCheckNs = host.nanoTime() + CHECK_INTERVAL_NS;
    }

    /** Reads the first version. {@code executor}: where later ones are read; {@code Runnable::run}: where it is asked. */
    public static <T> FileVersions<T> open(Path file, Reading<T> reading, TableHost host, Executor executor)
            throws IOException {
        FileStamp stamp = FileStamp.of(file);
        return new FileVersions<>(file, reading, host, executor, stamp, reading.read(file));
    }

    /** The same for a file that may not be there yet: {@code absent} until it is. */
    static <T> FileVersions<T> openAbsent(Path file, Reading<T> reading, TableHost host, Executor executor, T absent)
            throws IOException {
        try {
            return open(file, reading, host, executor);
        } catch (NoSuchFileException e) {
            return new FileVersions<>(file, reading, host, executor, FileStamp.ABSENT, absent);
        }
    }

    public T current() {
        long nowNs = host.nanoTime();
        if (nowNs - nextCheckNs >= 0 && busy.compareAndSet(false, true)) {
            nextCheckNs = nowNs + CHECK_INTERVAL_NS;
            check();
        }
        return current;
    }

    private void check() {
        FileStamp now;
        try {
            now = FileStamp.of(file);
        } catch (IOException e) {
            // Gone: it is most often between the deletion and the new one.
            busy.set(false);
            return;
        }
        boolean settled = !now.isSameFile(stamp) || now.equals(seen);
        seen = now;
        if (now.equals(stamp) || now.equals(refused) || !settled) {
            busy.set(false);
            return;
        }
        executor.execute(() -> read(now));
    }

    private void read(FileStamp now) {
        try {
            T next = reading.read(file);
            FileStamp after = FileStamp.of(file);
            // Where another file has got the name meanwhile, what was read is whole all the same, and the next look
            // finds the
            // other. Not to take it would be never to take one of a file that somebody keeps replacing.
            if (after.equals(now) || !after.isSameFile(now)) {
                current = next;
                stamp = now;
            }
        } catch (ConfigException | IOException e) {
            refused = now;
            host.warn(file + ": " + e.getMessage() + " -- the version before stays in use");
        } finally {
            busy.set(false);
        }
    }
}
