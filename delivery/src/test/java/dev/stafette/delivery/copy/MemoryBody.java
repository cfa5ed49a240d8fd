// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

import dev.stafette.delivery.MessageBody;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A short message in a file without a name, in two parts. */
public final class MemoryBody implements MessageBody {
    private final FileChannel file;
    private final int length;
    private final int cut;

    /** @param content with LF line ends and dots as they are */
    public MemoryBody(String content, int cut) {
        byte[] wire = (content.replaceAll("(?m)^\\.", "..").replace("\n", "\r\n") + ".\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        length = wire.length;
        this.cut = Math.min(cut, length);
        try {
            Path path = Files.createTempFile("body", ".wire");
            file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            file.write(ByteBuffer.wrap(wire), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int partCount() {
        return 2;
    }

    @Override
    public FileChannel partChannel(int part) {
        return file;
    }

    @Override
    public long partPosition(int part) {
        return part == 0 ? 0 : cut;
    }

    @Override
    public int partLengthBytes(int part) {
        return part == 0 ? cut : length - cut;
    }

    @Override
    public long sizeBytes() {
        return length - 3;
    }

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
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
