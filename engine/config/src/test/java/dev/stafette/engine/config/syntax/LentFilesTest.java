// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LentFilesTest {
    @TempDir
    private Path directory;

    @Test
    void namesTheCopiesOfAConfigurationByItsDirectory() {
        assertEquals("%2Fetc%2F100%25", LentFiles.name(Path.of("/etc/100%")));
    }

    @Test
    void readsAFileItselfWhileItCan() throws Exception {
        Path file = Files.writeString(directory.resolve("key"), "new");
        Path copy = directory.resolve("lent" + file);
        Files.createDirectories(copy.getParent());
        Files.writeString(copy, "old");
        LentFiles lent = new LentFiles(directory.resolve("lent"));
        assertEquals(file, lent.place(file));
        // One that is not there is no easier to read than one that may not be read.
        Files.delete(file);
        assertEquals(copy, lent.place(file));
        Files.delete(copy);
        assertEquals(file, lent.place(file));
    }
}
