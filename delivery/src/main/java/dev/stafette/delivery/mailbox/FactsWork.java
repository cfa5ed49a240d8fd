// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Asks what a file is.
 * Thread: the caller's.
 *
 * @param followsLink of what a link leads to; else of the link itself
 */
public record FactsWork(Path file, boolean followsLink) implements FileWork<FileFacts> {
    @Override
    public FileFacts call() throws IOException {
        return followsLink ? FileFacts.of(file) : FileFacts.ofLink(file);
    }
}
