// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

/** Storage is unwell: shed load (452, 421) and raise an alarm. The message names the file and what was expected. */
public final class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
