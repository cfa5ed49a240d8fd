// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stored message in a file of its own, in as many parts as a test asks for. Thread: any. */
public final class FileBody implements MessageBody {
    private static final int PADDING_BYTES = 100;

    private final FileChannel file;
    private long offset;
    private @Nullable ByteBuf head;
    private int[] lengths;
    private final boolean longLines;
    private final boolean eightBit;
    private final boolean eightBitHeader;
    private final CountDownLatch released = new CountDownLatch(1);

    private FileBody(byte[] wire, int partCount) {
        try {
            Path path = Files.createTempFile("body", ".seg");
            file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            // As in a segment: something stands before it and behind it.
            offset = PADDING_BYTES;
            file.write(ByteBuffer.wrap("x".repeat(PADDING_BYTES).getBytes(StandardCharsets.US_ASCII)), 0);
            file.write(ByteBuffer.wrap(wire), offset);
            file.write(ByteBuffer.wrap(new byte[PADDING_BYTES]), offset + wire.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lengths = new int[partCount];
        for (int i = 0; i < partCount; i++) {
            lengths[i] = wire.length / partCount;
        }
        lengths[partCount - 1] += wire.length % partCount;
        int run = 0;
        boolean over = false;
        boolean high = false;
        boolean highHeader = false;
        boolean inHeader = true;
        for (byte b : wire) {
            run = b == '\n' ? 0 : run + 1;
            over |= run > 999;
            inHeader &= b != '\r' || run > 1;
            high |= b < 0;
            highHeader |= inHeader && b < 0;
        }
        longLines = over;
        eightBit = high;
        eightBitHeader = highHeader;
    }

    /** The content has LF line ends and is not stuffed. */
    public static FileBody of(String content, int partCount) {
        StringBuilder wire = new StringBuilder();
        for (String line : content.split("(?<=\n)")) {
            if (line.isEmpty()) {
                continue;
            }
            wire.append(line.startsWith(".") ? "." : "")
                    .append(line.endsWith("\n") ? line.substring(0, line.length() - 1) : line)
                    .append("\r\n");
        }
        wire.append(".\r\n");
        return new FileBody(wire.toString().getBytes(StandardCharsets.UTF_8), partCount);
    }

    public static FileBody of(String content) {
        return of(content, 1);
    }

    /** {@code wire}: without the dot that ends it. */
    public static FileBody ofWire(String wire) {
        return new FileBody((wire + ".\r\n").getBytes(StandardCharsets.UTF_8), 1);
    }

    /** In two parts, the first of which has so many bytes if there are as many. */
    public FileBody cutAt(int bytes) {
        int first = Math.min(bytes, lengths[0]);
        lengths = new int[] {first, lengths[0] - first};
        return this;
    }

    /** Its file has less than it should. */
    public FileBody endingEarly() {
        lengths[lengths.length - 1] += 2 * PADDING_BYTES;
        return this;
    }

    /** All of it in front of the only part, which is empty. */
    public FileBody inHead() {
        ByteBuffer bytes = ByteBuffer.allocate(lengths[0]);
        try {
            file.read(bytes, offset);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        head = Unpooled.wrappedBuffer(bytes.flip());
        lengths = new int[1];
        return this;
    }

    /** With another text, in the wire form, in place of its first bytes. */
    public FileBody replacing(int bytes, String wire) {
        head = Unpooled.copiedBuffer(wire, StandardCharsets.UTF_8);
        offset += bytes;
        lengths[0] -= bytes;
        return this;
    }

    @Override
    public @Nullable ByteBuf head() {
        return head;
    }

    @Override
    public int partCount() {
        return lengths.length;
    }

    @Override
    public FileChannel partChannel(int part) {
        return file;
    }

    @Override
    public long partPosition(int part) {
        long position = offset;
        for (int i = 0; i < part; i++) {
            position += lengths[i];
        }
        return position;
    }

    @Override
    public int partLengthBytes(int part) {
        return lengths[part];
    }

    @Override
    public long sizeBytes() {
        long sum = head == null ? 0 : head.readableBytes();
        for (int length : lengths) {
            sum += length;
        }
        return sum - 3;
    }

    @Override
    public boolean hasLongLines() {
        return longLines;
    }

    @Override
    public boolean hasEightBitHeader() {
        return eightBitHeader;
    }

    @Override
    public boolean hasEightBit() {
        return eightBit;
    }

    @Override
    public void release() {
        if (released.getCount() == 0) {
            throw new IllegalStateException("body released twice");
        }
        released.countDown();
        if (head != null) {
            head.release();
        }
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isReleased() {
        return released.getCount() == 0;
    }

    public void awaitRelease() throws InterruptedException {
        if (!released.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("body was not released");
        }
    }
}
