// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Permissions of directories that hold messages: others may have to pass through the queue directory.
 * Thread: any.
 */
public final class OwnDirectory {
    private OwnDirectory() {}

    public static FileAttribute<?> permissions() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    }
}
