// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.codec.status.EnhancedStatus;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What the system says of a failed call, in its own words, and which status Postfix gives it. Thread: any. */
public final class SystemReason {
    static final String TOO_LARGE = "File too large";
    static final String BUSY = "Resource temporarily unavailable";

    private static final EnhancedStatus TRY_AGAIN = EnhancedStatus.of(4, 2, 0);
    private static final EnhancedStatus SYSTEM_FULL = EnhancedStatus.of(4, 3, 0);
    private static final EnhancedStatus MAILBOX_FULL = EnhancedStatus.of(5, 2, 2);

    private SystemReason() {}

    /** As strerror(3) has it, which Java hides in the class of the exception. */
    public static String text(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "No such file or directory";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "File exists";
        }
        if (e instanceof NotDirectoryException) {
            return "Not a directory";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "Directory not empty";
        }
        if (e instanceof FileSystemException system) {
            return reason(system);
        }
        return String.valueOf(e.getMessage());
    }

    private static String reason(FileSystemException e) {
        String reason = e.getReason();
        if (reason != null) {
            return reason;
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        return e instanceof FileSystemLoopException
                ? "Too many levels of symbolic links"
                : String.valueOf(e.getMessage());
    }

    /** {@code otherwise}: for what says nothing of a mailbox. */
    static EnhancedStatus status(String reason, EnhancedStatus otherwise) {
        return switch (reason) {
            case BUSY, "Stale file handle" -> TRY_AGAIN;
            case "No space left on device" -> SYSTEM_FULL;
            case "Disk quota exceeded", TOO_LARGE -> MAILBOX_FULL;
            default -> otherwise;
        };
    }
}
