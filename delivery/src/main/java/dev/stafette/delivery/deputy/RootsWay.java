// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.mailbox.FileFacts;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The directories that lead to the socket. Root gives that away by its name, in the place of which nobody may have put a link to
 * another file meanwhile.
 * Thread: start-up only.
 */
final class RootsWay {
    private RootsWay() {}

    /**
     * Throws where anybody but root could put something else in the place of what root makes there.
     *
     * @param directory without links on the way to it
     */
    static void check(Path directory) throws IOException {
        for (Path at = directory; at != null; at = at.getParent()) {
            FileFacts facts = FileFacts.of(at);
            boolean isOthers = facts.isWritableByOthers() || facts.isWritableByGroup() && facts.gid() != 0;
            if (facts.uid() != 0 || isOthers && !facts.isSticky()) {
                throw new IOException(
                        "others than root may change " + at + " (expected: deputy_socket in a directory of root's)");
            }
        }
    }
}
