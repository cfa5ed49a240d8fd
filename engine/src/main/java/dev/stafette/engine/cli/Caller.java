// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who runs a command.
 * Thread: main.
 */
final class Caller {
    private Caller() {}

    /** Whether it is root, or whoever the queue belongs to. Who cannot be told may try: permissions decide then. */
    static boolean mayChangeQueue(Path queueDirectory) {
        try {
            Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            return self.equals(0) || self.equals(Files.getAttribute(queueDirectory, "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }
}
