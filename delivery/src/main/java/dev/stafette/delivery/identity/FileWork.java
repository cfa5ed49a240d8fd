// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.identity;

import java.io.IOException;

/**
 * Something done to files in an account's name.
 * Thread: the caller's, which may have other ids meanwhile: it starts no thread and no program.
 */
public interface FileWork<T> {
    T call() throws IOException;
}
