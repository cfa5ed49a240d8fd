// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What waits in {@code maildrop/}, for those who list, read or delete it. What is not whole, and what is no ordinary file,
 * does not count, as the pickup service takes neither.
 * Thread: any; it waits for the disk.
 *
 * <p>Nothing is locked: a file may be taken in between two calls, and then it is not there any more.
 */
public record WaitingMail(Maildrop maildrop) {
    /**
     * The names that follow {@code after} in the order of characters, which for ours is that of time, and at most so many:
     * memory does not grow with the directory. Takes the right to read it; none where there is no such directory.
     */
    public List<String> ids(String after, int limit) throws IOException {
        PriorityQueue<String> lowest = new PriorityQueue<>(Collections.reverseOrder());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildrop.directory())) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.compareTo(after) <= 0 || lowest.size() == limit && name.compareTo(lowest.element()) >= 0) {
                    continue;
                }
                if (lowest.size() == limit) {
                    lowest.remove();
                }
                lowest.add(name);
            }
        } catch (NoSuchFileException noDirectory) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        List<String> ids = new ArrayList<>(lowest);
        ids.sort(null);
        return ids;
    }

    /** Reads a file to its end. Null when it is not there, or is none that pickup would take. */
    public @Nullable MaildropEntry entry(String id) {
        try (SeekableByteChannel channel = open(id)) {
            if (channel == null) {
                return null;
            }
            FileState state = FileState.of(file(id));
            Submission read =
                    SubmissionReader.read(new RecordReader(channel), state.userId(), System.currentTimeMillis());
            return read == null ? null : entry(id, state, read);
        } catch (IOException e) {
            // It has just been taken in, or is not for us.
            return null;
        }
    }

    private static MaildropEntry entry(String id, FileState state, Submission read) {
        List<String> recipients = new ArrayList<>();
        read.recipients().forEach(recipient -> recipients.add(recipient.address()));
        return new MaildropEntry(id, read.arrivalMs(), state.sizeBytes(), read.sender(), recipients);
    }

    /** Records as they are in the file, from {@code offset} on; empty at its end, null when it is not there. */
    public byte @Nullable [] read(String id, long offset, int limit) {
        try (SeekableByteChannel channel = open(id)) {
            if (channel == null) {
                return null;
            }
            ByteBuffer piece = ByteBuffer.allocate(limit);
            channel.position(offset);
            int count = channel.read(piece);
            return Arrays.copyOf(piece.array(), Math.max(0, count));
        } catch (IOException e) {
            return null;
        }
    }

    /** False when it is not there, or is not to be deleted by us. */
    public boolean delete(String id) {
        try {
            return isWaiting(id) && Files.deleteIfExists(file(id));
        } catch (IOException e) {
            return false;
        }
    }

    private @Nullable SeekableByteChannel open(String id) throws IOException {
        return isWaiting(id)
                ? Files.newByteChannel(file(id), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)
                : null;
    }

    /** A name comes from whoever asks: it must not lead out of the directory. */
    private boolean isWaiting(String id) throws IOException {
        if (id.isEmpty() || id.startsWith(".") || id.indexOf('/') >= 0) {
            return false;
        }
        FileState state = FileState.of(file(id));
        return state.isOrdinary() && state.isReady();
    }

    private Path file(String id) {
        return maildrop.directory().resolve(id);
    }
}
