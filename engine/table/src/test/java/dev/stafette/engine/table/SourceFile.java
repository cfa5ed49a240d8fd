// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens tables from a source that a test writes. */
public final class SourceFile {
    private SourceFile() {}

    public static TableHost host(Path directory) {
        return new TableHost(
                TableTypes::open,
                directory,
                text -> "",
                warning -> {
                    throw new AssertionError(warning);
                },
                System::nanoTime,
                Runnable::run);
    }

    public static Table open(Path directory, String type, String text) {
        return open(host(directory), directory, type, text);
    }

    public static Table open(TableHost host, Path directory, String type, String text) {
        try {
            Path file = Files.createTempFile(directory, type, ".cf");
            Files.writeString(file, text);
            return host.open(type + ":" + file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
