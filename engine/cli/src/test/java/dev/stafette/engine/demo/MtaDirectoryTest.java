// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MtaDirectoryTest {
    @TempDir
    private Path parent;

    @Test
    void isDeletedWhoeverStillWritesThereForAWhile() throws Exception {
        Path directory = Files.createDirectories(parent.resolve("relay/queue"));
        Files.writeString(directory.resolve("first"), "x");
        long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
        Thread writer = new Thread(() -> {
            for (int i = 0; System.nanoTime() - endNs < 0; i++) {
                try {
                    Files.createDirectories(directory);
                    Files.writeString(directory.resolve("file" + i % 3), "x");
                    Files.deleteIfExists(directory.resolve("file" + (i + 1) % 3));
                } catch (IOException gone) {
                    continue;
                }
            }
        });
        writer.start();
        while (writer.isAlive()) {
            MtaDirectory.delete(directory.getParent());
        }
        MtaDirectory.delete(directory.getParent());
        assertFalse(Files.exists(directory.getParent()));
    }
}
