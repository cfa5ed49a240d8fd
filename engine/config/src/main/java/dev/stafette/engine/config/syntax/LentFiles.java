// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config.syntax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Copies of files that only root may read, which the launcher makes as root for the account that the process runs as:
 * each stands below one directory with its whole name. A file that can be read is read itself.
 * Thread: any.
 */
public final class LentFiles {
    /** In memory, and root's. */
    private static final Path ALL = Path.of("/run/stafette-lent");

    /** Nothing is lent. */
    public static final LentFiles NONE = new LentFiles(null);

    private final @Nullable Path root;

    LentFiles(@Nullable Path root) {
        this.root = root;
    }

    /** For the configuration in that directory. */
    public static LentFiles of(Path configDirectory) {
        try {
            return new LentFiles(ALL.resolve(name(configDirectory.toRealPath())));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** As the launcher makes it. */
    static String name(Path configDirectory) {
        return configDirectory.toString().replace("%", "%25").replace("/", "%2F");
    }

    /** Where to read it: there, or the copy of it. */
    public Path place(Path file) {
        if (root == null || Files.isReadable(file)) {
            return file;
        }
        Path copy = Path.of(root + file.toAbsolutePath().toString());
        return Files.isReadable(copy) ? copy : file;
    }
}
