// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * What the system knows of a file in {@code maildrop/}; a link is not followed.
 * Thread: any (a value).
 */
record FileState(int mode, int linkCount, int userId, long sizeBytes, long modifiedMs) {
    private static final int OWNER_EXECUTES_BIT = 0100;
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR_FILE = 0100000;

    static FileState of(Path file) throws IOException {
        Map<String, Object> all =
                Files.readAttributes(file, "unix:mode,nlink,uid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        return new FileState(
                number(all, "mode").intValue(),
                number(all, "nlink").intValue(),
                number(all, "uid").intValue(),
                number(all, "size").longValue(),
                ((FileTime) Objects.requireNonNull(all.get("lastModifiedTime"))).toMillis());
    }

    private static Number number(Map<String, Object> all, String name) {
        return (Number) Objects.requireNonNull(all.get(name));
    }

    /** A file with one name: another one would be a trick with somebody else's file. */
    boolean isOrdinary() {
        return (mode & TYPE_MASK) == REGULAR_FILE && linkCount == 1;
    }

    /** Whoever wrote it says that it is whole. */
    boolean isReady() {
        return (mode & OWNER_EXECUTES_BIT) != 0;
    }
}
