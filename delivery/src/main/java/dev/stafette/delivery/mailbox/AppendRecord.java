// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What one append is about to write, in a file: of which mailbox, where the letter begins, and the bytes of the write that is under
 * way. A process that is killed leaves it as it is; nothing of it is synced, as it holds for as long as the machine is up.
 * Thread: one at a time: the worker that appends, or later the one that finds it left behind.
 *
 * <pre>
 * state  device  inode  letter offset  write offset  write length   bytes of the write
 * </pre>
 */
final class AppendRecord implements AutoCloseable {
    static final int WRITE_BYTES_MAX = 32 << 10;

    private static final int HEADER_BYTES = 6 * Long.BYTES;
    private static final long NOTHING = 0;
    private static final long LETTER = 1;
    private static final byte[] FIRST_WORD = {'F', 'r', 'o', 'm', ' '};

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + WRITE_BYTES_MAX);

    // Owned by the worker.
    private long device;
    private long inode;
    private long letterOffset;
    private boolean isBroken;

    private AppendRecord(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** {@code how}: whether it is there or not. */
    static AppendRecord open(Path path, OpenOption how) throws IOException {
        return new AppendRecord(path, FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, how));
    }

    void begin(FileFacts mailbox) {
        device = mailbox.device();
        inode = mailbox.inode();
        isBroken = false;
    }

    void beginLetter(long offset) {
        letterOffset = offset;
    }

    /** Before the mailbox gets them, at {@code offset}. */
    void beginWrite(long offset, ByteBuffer bytes) {
        buffer.clear();
        buffer.putLong(LETTER).putLong(device).putLong(inode);
        buffer.putLong(letterOffset).putLong(offset).putLong(bytes.remaining());
        buffer.put(bytes.duplicate()).flip();
        put();
    }

    /** The letter is whole, or nothing is left of it. */
    void end() {
        buffer.clear().putLong(NOTHING).flip();
        put();
    }

    /** A letter that cannot be recorded is delivered all the same. */
    private void put() {
        if (isBroken) {
            return;
        }
        try {
            for (long at = 0; buffer.hasRemaining(); ) {
                at += channel.write(buffer, at);
            }
        } catch (IOException e) {
            isBroken = true;
        }
    }

    boolean hasLetter() throws IOException {
        return read() && buffer.getLong(0) == LETTER;
    }

    boolean hasLetterFor(FileFacts mailbox) throws IOException {
        return hasLetter() && buffer.getLong(8) == mailbox.device() && buffer.getLong(16) == mailbox.inode();
    }

    private boolean read() throws IOException {
        buffer.clear();
        for (int count = 0; count >= 0 && buffer.hasRemaining(); ) {
            count = channel.read(buffer, buffer.position());
        }
        buffer.flip();
        return buffer.limit() >= HEADER_BYTES;
    }

    /**
     * Whether that mailbox ends in a part of this letter, and in nothing else: all that was written before, and of what was written
     * last any part. Of the rest the first word must stand where it stood.
     *
     * @return where the letter begins; negative: it is not there, or not at the end
     */
    long tornLetter(FileFacts mailbox, FileChannel in) throws IOException {
        if (!hasLetterFor(mailbox)) {
            return -1;
        }
        long size = in.size();
        long letter = buffer.getLong(24);
        long write = buffer.getLong(32);
        long length = Math.min(buffer.getLong(40), buffer.limit() - HEADER_BYTES);
        if (letter > write || letter == size || write > size || size > write + length) {
            return -1;
        }
        ByteBuffer written = buffer.slice(HEADER_BYTES, (int) (size - write));
        boolean isThere = written.equals(read(in, write, written.remaining()))
                && startsAt(in, letter, (int) Math.min(FIRST_WORD.length, size - letter));
        return isThere ? letter : -1;
    }

    private static boolean startsAt(FileChannel in, long offset, int length) throws IOException {
        return ByteBuffer.wrap(FIRST_WORD, 0, length).equals(read(in, offset, length));
    }

    private static @Nullable ByteBuffer read(FileChannel in, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (in.read(bytes, offset + bytes.position()) < 0) {
                return null;
            }
        }
        return bytes.flip();
    }

    void delete() throws IOException {
        close();
        Files.delete(path);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
