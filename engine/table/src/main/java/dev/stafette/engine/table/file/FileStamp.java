// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells one version of a file from another.
 * Thread: any (a value).
 *
 * @param fileKey device and inode: another one is another file of the same name, which was complete when it got the name
 */
record FileStamp(@Nullable Object fileKey, long modifiedNs, long size) {
    /** Of a file that is not there. */
    static final FileStamp ABSENT = new FileStamp(null, 0, 0);

    static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(
                attributes.fileKey(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
    }

    boolean isSameFile(FileStamp other) {
        return fileKey != null && fileKey.equals(other.fileKey);
    }
}
