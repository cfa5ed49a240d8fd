// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenedFileIT {
    private static final int OPENINGS = 2000;

    @TempDir
    private Path directory;

    @Test
    void findsItsDescriptorBesideOneWhoOpensTheSame() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        Thread other = new Thread(() -> {
            while (!ended.get()) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    assertTrue(channel.isOpen());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        });
        other.start();
        try {
            for (int i = 0; i < OPENINGS; i++) {
                try (OpenedFile opened = OpenedFile.open(directory, Set.of(StandardOpenOption.READ))) {
                    assertTrue(opened.channel().isOpen());
                }
            }
        } finally {
            ended.set(true);
            other.join();
        }
    }

    @Test
    void namesInItAreNamesInTheDirectoryWhereverItIsMoved() throws IOException {
        Path before = Files.createDirectory(directory.resolve("before"));
        try (OpenedFile opened = OpenedFile.open(before, Set.of(StandardOpenOption.READ))) {
            Path after = Files.move(before, directory.resolve("after"));
            Files.writeString(opened.path().resolve("file"), "text");
            assertEquals("text", Files.readString(after.resolve("file")));
        }
    }

    @Test
    void makesAFileOnce() throws IOException {
        Path file = directory.resolve("file");
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (OpenedFile made = OpenedFile.open(file, options)) {
            assertTrue(made.isAt(file));
        }
        assertThrows(FileAlreadyExistsException.class, () -> OpenedFile.open(file, options));
    }
}
