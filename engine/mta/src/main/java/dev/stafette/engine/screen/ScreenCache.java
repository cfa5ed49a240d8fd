// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.engine.config.syntax.IpText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who has passed which test until when: in memory, and in a file, so that a restart tests nobody again.
 * Thread: any; the file is the workers', one at a time.
 *
 * <pre>
 * 192.0.2.7 1764428405;0;1;1;1        an address, and its times as Postfix writes them; the last line of a client counts
 * </pre>
 *
 * <p>Lines are added as clients pass; a clean-up writes the file anew. What a crash takes is tested again.
 */
final class ScreenCache implements AutoCloseable {
    /** Behind the name that main.cf has: what Postfix keeps there is of another kind. */
    static final String SUFFIX = ".clients";

    /** A quarter of a kilobyte each. Beyond that, no other client is remembered until some are forgotten. */
    static final int CLIENTS_MAX = 200_000;

    private record Line(InetAddress client, TestTimes times) {
        String text() {
            return IpText.format(client) + ' ' + times.text() + '\n';
        }
    }

    private final ConcurrentHashMap<InetAddress, TestTimes> clients = new ConcurrentHashMap<>();
    private final Queue<Line> unwritten = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final @Nullable Path file;
    private final Executor workers;
    private final Consumer<String> warnings;

    // Of the one that writes.
    private boolean isBroken;

    private ScreenCache(@Nullable Path file, Executor workers, Consumer<String> warnings) {
        this.file = file;
        this.workers = workers;
        this.warnings = warnings;
    }

    /** {@code file}: null for memory alone. A file that cannot be had is a warning, and nobody is known. */
    static ScreenCache open(@Nullable Path file, Executor workers, Consumer<String> warnings) {
        ScreenCache cache = new ScreenCache(file, workers, warnings);
        if (file != null) {
            cache.read(file);
        }
        return cache;
    }

    private void read(Path path) {
        try {
            Path directory = path.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            try (Stream<String> lines = Files.lines(path, StandardCharsets.ISO_8859_1)) {
                lines.forEach(this::readLine);
            }
        } catch (NoSuchFileException e) {
            // Nobody has passed yet.
        } catch (IOException | java.io.UncheckedIOException e) {
            isBroken = true;
            warn(path, e);
        }
    }

    /** One that a crash has cut is nobody's. */
    private void readLine(String line) {
        int space = line.indexOf(' ');
        InetAddress client = space < 0 ? null : IpText.parse(line.substring(0, space));
        if (client != null && clients.size() < CLIENTS_MAX) {
            clients.put(client, TestTimes.parse(line.substring(space + 1)));
        }
    }

    private void warn(Path path, Exception e) {
        warnings.accept("cache " + path + ": " + e + "; clients are remembered until the process ends");
    }

    @Nullable
    TestTimes find(InetAddress client) {
        return clients.get(client);
    }

    void put(InetAddress client, TestTimes times) {
        if (clients.size() >= CLIENTS_MAX && !clients.containsKey(client)) {
            return;
        }
        clients.put(client, times);
        if (file != null) {
            unwritten.add(new Line(client, times));
            wake();
        }
    }

    private void wake() {
        if (writing.compareAndSet(false, true)) {
            workers.execute(this::write);
        }
    }

    /** On a worker. */
    private void write() {
        Path path = file;
        if (path != null) {
            append(path);
        }
        writing.set(false);
        if (!unwritten.isEmpty()) {
            wake();
        }
    }

    private void append(Path path) {
        if (isBroken) {
            unwritten.clear();
            return;
        }
        try (BufferedWriter out = Files.newBufferedWriter(
                path, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (Line line = unwritten.poll(); line != null; line = unwritten.poll()) {
                out.write(line.text());
            }
        } catch (IOException e) {
            isBroken = true;
            warn(path, e);
        }
    }

    /** What a clean-up has found. */
    record Cleanup(int retained, int dropped) {}

    /** Forgets clients, and writes the others to the file anew. */
    Cleanup clean(Predicate<TestTimes> isOver) {
        int dropped = 0;
        for (Iterator<Map.Entry<InetAddress, TestTimes>> all =
                        clients.entrySet().iterator();
                all.hasNext(); ) {
            if (isOver.test(all.next().getValue())) {
                all.remove();
                dropped++;
            }
        }
        if (file != null) {
            workers.execute(this::rewrite);
        }
        return new Cleanup(clients.size(), dropped);
    }

    /** On a worker. When another writes just now, the next clean-up does it. */
    private void rewrite() {
        Path path = file;
        if (path == null || !writing.compareAndSet(false, true)) {
            return;
        }
        try {
            Path next = writeAll(path.resolveSibling(path.getFileName() + ".new"));
            Files.move(next, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            isBroken = false;
        } catch (IOException e) {
            isBroken = true;
            warn(path, e);
        }
        writing.set(false);
        if (!unwritten.isEmpty()) {
            wake();
        }
    }

    private Path writeAll(Path next) throws IOException {
        try (Writer out = Files.newBufferedWriter(next, StandardCharsets.ISO_8859_1)) {
            for (Map.Entry<InetAddress, TestTimes> client : clients.entrySet()) {
                out.write(new Line(client.getKey(), client.getValue()).text());
            }
        }
        return next;
    }

    int size() {
        return clients.size();
    }

    /** Writes what is not written yet; the workers still run. */
    @Override
    public void close() {
        if (file != null) {
            wake();
        }
    }
}
