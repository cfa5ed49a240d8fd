// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.storage.BodySlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;

/** Chunks of a {@link KeptQueue} in a file, which is gone when it is closed. Thread: any. */
record KeptText(FileChannel file, List<String> parts) implements BodySlice {
    static KeptText of(Collection<String> parts) {
        try {
            Path path = Files.createTempFile("chunks", null);
            Files.writeString(path, String.join("", parts), StandardCharsets.ISO_8859_1);
            return new KeptText(
                    FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE),
                    List.copyOf(parts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int partCount() {
        return parts.size();
    }

    @Override
    public FileChannel channel(int part) {
        return file;
    }

    @Override
    public long position(int part) {
        return parts.subList(0, part).stream().mapToLong(String::length).sum();
    }

    @Override
    public int lengthBytes(int part) {
        return parts.get(part).length();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
