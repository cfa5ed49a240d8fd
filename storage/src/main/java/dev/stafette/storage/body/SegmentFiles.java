// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.body;

import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a spool that somebody else may own, opened to read only, each when it is first asked for.
 * Thread: its owner's.
 */
public final class SegmentFiles implements AutoCloseable {
    private final Path spool;
    private final Map<Integer, Segment> open = new HashMap<>();

    public SegmentFiles(Path spool) {
        this.spool = spool;
    }

    /** Null for an id that is not there. */
    public @Nullable Segment find(int id) {
        Segment known = open.get(id);
        if (known != null) {
            return known;
        }
        Path file = SegmentStore.file(SegmentStore.directory(spool), id);
        try {
            Segment segment = Segment.openToRead(id, file);
            open.put(id, segment);
            return segment;
        } catch (NoSuchFileException gone) {
            return null;
        } catch (IOException e) {
            throw new StorageException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Those that are there, from an id on. */
    public List<Integer> idsFrom(int first) {
        Path directory = SegmentStore.directory(spool);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> SegmentStore.id(file.getFileName().toString()))
                    .filter(id -> id >= first)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new StorageException(directory + ": segments could not be listed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        for (Segment segment : open.values()) {
            try {
                segment.close();
            } catch (IOException e) {
                throw new StorageException(segment.file() + ": not closed: " + e.getMessage(), e);
            }
        }
    }
}
