// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that has come over the connection: in memory, or if it is large, in a file without a name, in parts of at most 1 GB.
 * Thread: the session's.
 */
final class ReceivedBody implements MessageBody {
    private static final int MEMORY_BYTES_MAX = 64 << 10;
    private static final int PART_BYTES_MAX = 1 << 30;
    private static final int FINAL_DOT_BYTES = 3;

    private final @Nullable ByteBuf memory;
    private final @Nullable FileChannel file;
    private final long length;
    private final LetterMemory room;

    private ReceivedBody(@Nullable ByteBuf memory, @Nullable FileChannel file, long length, LetterMemory room) {
        this.room = room;
        this.memory = memory;
        this.file = file;
        this.length = length;
    }

    /** To be released, as what it takes of {@code room} is given back then. */
    static ReceivedBody read(DeputyChannel channel, long length, Path scratch, LetterMemory room) throws IOException {
        return length <= MEMORY_BYTES_MAX && room.tryTake(length)
                ? inMemory(channel, (int) length, room)
                : inFile(channel, length, scratch, room);
    }

    private static ReceivedBody inMemory(DeputyChannel channel, int length, LetterMemory room) throws IOException {
        byte[] bytes = new byte[length];
        try {
            channel.readBytes(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            room.giveBack(length);
            throw e;
        }
        return new ReceivedBody(Unpooled.wrappedBuffer(bytes), null, length, room);
    }

    private static ReceivedBody inFile(DeputyChannel channel, long length, Path scratch, LetterMemory room)
            throws IOException {
        Path name = Files.createTempFile(scratch, "message", "");
        FileChannel file = FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(name);
        try {
            channel.readBytes(file, length);
            return new ReceivedBody(null, file, length, room);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public @Nullable ByteBuf head() {
        return memory;
    }

    @Override
    public int partCount() {
        return file == null ? 0 : (int) ((length + PART_BYTES_MAX - 1) / PART_BYTES_MAX);
    }

    @Override
    public FileChannel partChannel(int part) {
        return Objects.requireNonNull(file);
    }

    @Override
    public long partPosition(int part) {
        return (long) part * PART_BYTES_MAX;
    }

    @Override
    public int partLengthBytes(int part) {
        return (int) Math.min(PART_BYTES_MAX, length - partPosition(part));
    }

    @Override
    public long sizeBytes() {
        return length - FINAL_DOT_BYTES;
    }

    /** Nobody sends it on. */
    @Override
    public boolean hasLongLines() {
        return false;
    }

    @Override
    public boolean hasEightBit() {
        return false;
    }

    @Override
    public boolean hasEightBitHeader() {
        return false;
    }

    @Override
    public void release() {
        if (file == null) {
            room.giveBack(length);
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
