// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.DiskSync;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Names and directories of journal generations: {@code gen-<16 hex>/19700101F.cq4}. Thread: any. */
final class GenerationNames {
    /** The name Chronicle gives to the cycle that starts at the epoch. */
    static final String FILE = "19700101F.cq4";

    /** Records behind the last whole one of {@link #FILE}, as a start has found them in segments. */
    static final String TAIL = "tail.records";

    static final String METADATA = "metadata.cq4t";
    private static final String PREFIX = "gen-";
    private static final int HEX_DIGITS = 16;

    private GenerationNames() {}

    static String directory(long id) {
        return PREFIX + String.format("%016x", id);
    }

    /** Ids of all generations, oldest first. */
    static List<Long> list(Path spool) {
        try (Stream<Path> entries = Files.list(spool)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX) && name.length() == PREFIX.length() + HEX_DIGITS)
                    .map(name -> Long.parseUnsignedLong(name.substring(PREFIX.length()), 16))
                    .sorted(Long::compareUnsigned)
                    .toList();
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            throw new StorageException(spool + ": generations could not be listed: " + e.getMessage(), e);
        }
    }

    /** Waits for the disk. */
    static void delete(Path spool, long id, DiskSync sync) {
        Path directory = spool.resolve(directory(id));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
            sync.directory(spool);
        } catch (IOException e) {
            throw new StorageException(directory + ": an old generation could not be deleted: " + e.getMessage(), e);
        }
    }
}
