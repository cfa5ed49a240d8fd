// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZonedDateTime;
import java.util.SplittableRandom;

/**
 * Where {@code smtp-sink} keeps what it is sent: a file for each transaction, or one for all, in whose end they are written
 * when they are whole.
 * Thread: event loop.
 */
public final class SinkDump {
    private static final int NAMES_MAX = 100;

    private final String template;
    private final boolean isOneFile;
    private final String start;
    private final SplittableRandom random = new SplittableRandom();

    /**
     * @param template of strftime(3); directories that are missing are made
     * @param start of every transaction
     */
    public SinkDump(String template, boolean isOneFile, String start) {
        this.template = template;
        this.isOneFile = isOneFile;
        this.start = start;
    }

    /** A transaction on its way into its file. */
    final class Dumped {
        private final Path file;
        private final Path collected;
        private final OutputStream out;
        private final String id;

        private Dumped(Path file, Path collected, OutputStream out, String id) {
            this.file = file;
            this.collected = collected;
            this.out = out;
            this.id = id;
        }

        String id() {
            return id;
        }

        void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes, int length) throws IOException {
            out.write(bytes, 0, length);
        }

        void finish() throws IOException {
            out.write('\n');
            out.close();
            if (isOneFile) {
                try (OutputStream all = Files.newOutputStream(
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                    Files.copy(collected, all);
                } finally {
                    Files.delete(collected);
                }
            }
        }

        void abandon() throws IOException {
            out.close();
            Files.deleteIfExists(collected);
        }
    }

    Dumped begin() throws IOException {
        Path named = Path.of(StrftimeText.format(template, ZonedDateTime.now()));
        Path parent = named.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        for (int i = 0; i < NAMES_MAX; i++) {
            String id = String.format("%08x", random.nextInt() & Integer.MAX_VALUE);
            Path collected = Path.of(named + id);
            try {
                OutputStream out = new BufferedOutputStream(
                        Files.newOutputStream(collected, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
                Dumped transaction = new Dumped(named, collected, out, id);
                transaction.write(start);
                return transaction;
            } catch (FileAlreadyExistsException e) {
                // Another number.
                continue;
            }
        }
        throw new IOException(named + ": something is looping");
    }
}
