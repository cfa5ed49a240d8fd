// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.MessageBody;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A stored message of one part. */
final class TextBody implements MessageBody {
    private final FileChannel file;
    private final int length;

    private TextBody(FileChannel file, int length) {
        this.file = file;
        this.length = length;
    }

    /** {@code wire}: without the dot that ends it. */
    static TextBody of(Path directory, String wire) throws IOException {
        byte[] bytes = (wire + ".\r\n").getBytes(StandardCharsets.UTF_8);
        Path path = Files.write(Files.createTempFile(directory, "body", ""), bytes);
        return new TextBody(FileChannel.open(path, StandardOpenOption.READ), bytes.length);
    }

    /** One whose file ends early. */
    static TextBody cut(Path directory, String wire) throws IOException {
        TextBody whole = of(directory, wire);
        return new TextBody(whole.file, whole.length + 10);
    }

    @Override
    public int partCount() {
        return 1;
    }

    @Override
    public FileChannel partChannel(int part) {
        return file;
    }

    @Override
    public long partPosition(int part) {
        return 0;
    }

    @Override
    public int partLengthBytes(int part) {
        return length;
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
    public void release() {}
}
