// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.engine.verify.VerifyCache.Line;
import java.io.BufferedInputStream;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of addresses, in a file: a line for each change, and now and then the whole anew. Nothing is synced: what a
 * crash takes away is found out again, and a line that is not whole is no line.
 * Thread: start-up, and a worker at a time.
 *
 * <pre>
 * ADDRESS TAB STATUS:PROBED:UPDATED:TEXT LF        the last of an address holds
 * ADDRESS TAB LF                                   nothing is known of it any more
 * </pre>
 * In an address, {@code \\ \t \n \r} stand for what would end it.
 */
final class CacheFile {
    /** Longer ones are none of ours. */
    static final int LINE_BYTES_MAX = 8192;

    private static final int NOT_AT_ALL = -1;

    private final Path path;

    CacheFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /**
     * What the file said.
     *
     * @param entries by address, in the order in which they were written
     * @param lineCount of all lines, those among them that do not hold any more
     * @param isDamaged something in it is no line of ours, or the last one has no end
     */
    record Content(Map<String, CacheEntry> entries, int lineCount, boolean isDamaged) {}

    /** A file that is not there says nothing. */
    Content read() throws IOException {
        Reading reading = new Reading();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            for (int next = in.read(); next != NOT_AT_ALL; next = in.read()) {
                reading.onByte((byte) next);
            }
        } catch (NoSuchFileException e) {
            return new Content(Map.of(), 0, false);
        }
        return reading.end();
    }

    private static final class Reading {
        private final Map<String, CacheEntry> entries = new LinkedHashMap<>();
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private int lineCount;
        private boolean isDamaged;

        void onByte(byte next) {
            if (next == '\n') {
                onLine(line.size() > LINE_BYTES_MAX ? "" : line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else if (line.size() <= LINE_BYTES_MAX) {
                line.write(next);
            }
        }

        private void onLine(String text) {
            lineCount++;
            int tab = text.indexOf('\t');
            if (tab <= 0) {
                isDamaged = true;
                return;
            }
            String address = unescape(text.substring(0, tab));
            String value = text.substring(tab + 1);
            CacheEntry entry = CacheEntry.parse(value);
            entries.remove(address);
            if (entry != null) {
                entries.put(address, entry);
            }
            isDamaged |= entry == null && !value.isEmpty();
        }

        Content end() {
            return new Content(entries, lineCount, isDamaged || line.size() > 0);
        }
    }

    /** A line whose entry is null says that nothing is known of the address any more. */
    record Change(String address, @Nullable CacheEntry entry) {}

    void append(List<Change> changes) throws IOException {
        createDirectory();
        try (BufferedWriter out = Files.newBufferedWriter(
                path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (Change change : changes) {
                write(change.address(), change.entry(), out);
            }
        }
    }

    /** The whole, in place of what is there; readers see the one or the other. */
    void rewrite(List<Line> lines) throws IOException {
        createDirectory();
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (BufferedWriter out = Files.newBufferedWriter(fresh, StandardCharsets.UTF_8)) {
            for (Line line : lines) {
                write(line.address(), line.entry(), out);
            }
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void createDirectory() throws IOException {
        Path parent = path.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
    }

    private static void write(String address, @Nullable CacheEntry entry, BufferedWriter out) throws IOException {
        out.write(escape(address));
        out.write('\t');
        out.write(entry == null ? "" : entry.format());
        out.write('\n');
    }

    private static String escape(String address) {
        return address.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                c = switch (text.charAt(i)) {
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> text.charAt(i);
                };
            }
            out.append(c);
        }
        return out.toString();
    }
}
