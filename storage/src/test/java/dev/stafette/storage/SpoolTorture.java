// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Random;

/**
 * A process that uses a spool as hard as it can until it is killed: accepts, defers, removes, rotates, checkpoints and
 * compacts. What it may acknowledge, it prints, as a server would send its 250.
 *
 * <pre>
 * O id        it is about to accept the message
 * A id ns     durable; ns is CLOCK_MONOTONIC before the line was written
 * R id        it is about to remove the message
 * F id        the message was refused: its batch failed
 * </pre>
 */
final class SpoolTorture {
    private final SpoolDriver driver;
    private final Writer out;
    private final Random random;
    private final ArrayDeque<Long> alive = new ArrayDeque<>();

    private SpoolTorture(Path directory, boolean synced, long seed) {
        this.random = new Random(seed);
        this.out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.US_ASCII), 1 << 16);
        // Small files, so that segments are recycled and generations rotate many times a second.
        StorageSettings settings = new StorageSettings(directory, 1 << 20, 128 << 10, 2 << 20, 1 << 20, 0);
        this.driver = SpoolDriver.open(settings, synced ? file -> file.force(false) : file -> {});
    }

    /** Arguments: directory, {@code sync} or {@code nosync}, seed, first id. */
    public static void main(String[] args) throws IOException {
        SpoolTorture torture = new SpoolTorture(Path.of(args[0]), args[1].equals("sync"), Long.parseLong(args[2]));
        torture.run(Long.parseLong(args[3]));
    }

    private void run(long firstId) throws IOException {
        driver.onDurable(id -> {
            say("A " + id + ' ' + System.nanoTime());
            synchronized (alive) {
                alive.add(id);
            }
        });
        driver.onFailed(id -> say("F " + id));
        say("S " + System.nanoTime());
        for (long id = firstId; ; ) {
            int batch = 1 + random.nextInt(20);
            for (int i = 0; i < batch; i++, id++) {
                say("O " + id);
                int extents = random.nextInt(50) == 0 ? 3 : 1;
                driver.acceptLarge(id, extents, 50 + random.nextInt(random.nextInt(30) == 0 ? 60_000 : 4000));
            }
            removeSome();
            driver.poll();
            driver.spool().tidy(driver, 50);
            flush();
        }
    }

    private void removeSome() {
        synchronized (alive) {
            while (alive.size() > 300) {
                long id = alive.remove();
                if (random.nextInt(50) == 0) {
                    driver.defer(id, id, "later");
                } else {
                    say("R " + id);
                    // Said before it is done: what may be gone after a crash must be known.
                    flush();
                    driver.remove(id);
                }
            }
        }
    }

    private synchronized void say(String line) {
        try {
            out.write(line);
            out.write('\n');
            if (line.charAt(0) == 'A') {
                out.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
