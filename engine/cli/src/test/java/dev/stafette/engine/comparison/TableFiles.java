// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sources of tables, in a directory for each block. */
final class TableFiles {
    private TableFiles() {}

    /** Writes them all; returns what is to be built, {@code type:path}. */
    static List<String> write(List<Block> blocks, Path parent) throws IOException {
        List<String> built = new ArrayList<>();
        for (Block block : blocks) {
            Path directory = Files.createDirectories(directory(block, parent));
            for (Map.Entry<String, String> table : block.tables().entrySet()) {
                String[] words = table.getKey().split(" ");
                Path file = Files.writeString(directory.resolve(words[1]), table.getValue());
                if (!words[0].equals("text")) {
                    built.add(words[0] + ":" + file);
                }
            }
        }
        return built;
    }

    static Path directory(Block block, Path parent) {
        return parent.resolve("tables").resolve(block.name().replaceAll("[^A-Za-z0-9]+", "-"));
    }
}
