// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The records of the appends that are under way, and of those that a killed process has left half done: the next append to the same
 * mailbox takes that half back.
 * Thread: any.
 *
 * <p>A directory has those of one kind of process. A name in it is that of the machine's boot, as whatever was written before a
 * crash of the machine may not be there: {@code BOOT.PROCESS.NUMBER}.
 */
public final class AppendRecords implements AutoCloseable {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final @Nullable Path directory;

    // Guarded by this.
    private @Nullable String prefix;
    private final ArrayDeque<AppendRecord> free = new ArrayDeque<>();
    private final List<AppendRecord> leftBehind = new ArrayList<>();
    private int userCount;
    private int madeCount;

    /** {@code directory}: is made with the first one, with rights for its owner alone. */
    public AppendRecords(Path directory) {
        this.directory = directory;
    }

    private AppendRecords() {
        this.directory = null;
    }

    /** Where nothing is recorded. */
    public static AppendRecords none() {
        return new AppendRecords();
    }

    /** Makes one that may be taken later by somebody who may not make it; to be given back. */
    public synchronized void reserve() {
        userCount++;
        if (directory != null && madeCount < userCount) {
            try {
                free.add(make(directory));
            } catch (IOException e) {
                // Whoever takes one tries again, and is told.
                return;
            }
        }
    }

    public synchronized void giveBack() {
        userCount--;
    }

    private AppendRecord make(Path in) throws IOException {
        String own = prefix;
        if (own == null) {
            own = open(in);
            prefix = own;
        }
        Path file = in.resolve(own + madeCount);
        AppendRecord record = AppendRecord.open(file, StandardOpenOption.CREATE_NEW);
        madeCount++;
        return record;
    }

    private String open(Path in) throws IOException {
        if (!Files.isDirectory(in, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(
                    in, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String boot = Files.readString(BOOT_ID, StandardCharsets.US_ASCII).strip() + '.';
        ProcessHandle self = ProcessHandle.current();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(in)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(boot)) {
                    Files.delete(file);
                } else {
                    look(file, isOfOther(name.substring(boot.length()), self));
                }
            }
        }
        return boot + self.pid() + '.' + System.nanoTime() + '.';
    }

    /** One that lives, and so may still write to it. */
    private static boolean isOfOther(String name, ProcessHandle self) {
        try {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(name.substring(0, name.indexOf('.'))));
            return process.isPresent() && !process.get().equals(self);
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    private void look(Path file, boolean isOfOther) throws IOException {
        AppendRecord record = AppendRecord.open(file, StandardOpenOption.READ);
        if (isOfOther || record.hasLetter()) {
            leftBehind.add(record);
        } else {
            record.delete();
        }
    }

    /** For an append to that mailbox; null: nothing is recorded. To be ended and given back by {@link #free}. */
    synchronized @Nullable AppendRecord take(FileFacts mailbox) throws IOException {
        if (directory == null) {
            return null;
        }
        AppendRecord record = free.poll();
        if (record == null) {
            record = make(directory);
        }
        record.begin(mailbox);
        return record;
    }

    synchronized void free(AppendRecord record) {
        free.push(record);
    }

    /** Whether a killed process was about to write to that mailbox. */
    synchronized boolean hasLeft(FileFacts mailbox) throws IOException {
        for (AppendRecord record : leftBehind) {
            if (record.hasLetterFor(mailbox)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Under the mailbox's locks, before something is appended to it.
     *
     * @param in the mailbox, for reading
     * @return how many bytes have been taken back
     */
    synchronized long takeBack(FileFacts mailbox, FileChannel in, FileChannel out) throws IOException {
        long size = in.size();
        for (AppendRecord record : leftBehind) {
            long letter = record.tornLetter(mailbox, in);
            if (letter >= 0) {
                out.truncate(letter);
                record.end();
            }
        }
        return size - in.size();
    }

    /** When nothing is appended any more. What a killed process has left stays. */
    @Override
    public synchronized void close() throws IOException {
        if (directory == null || prefix == null) {
            return;
        }
        for (AppendRecord record : free) {
            if (record.hasLetter()) {
                record.close();
            } else {
                record.delete();
            }
        }
        for (AppendRecord record : leftBehind) {
            record.close();
        }
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // The next process has a use for it.
            return;
        }
    }
}
