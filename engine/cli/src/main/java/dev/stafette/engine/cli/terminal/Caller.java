// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import dev.stafette.engine.config.syntax.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who runs a command.
 * Thread: main.
 */
public final class Caller {
    private Caller() {}

    /** Whether it is root, or whoever the queue belongs to. Who cannot be told may try: permissions decide then. */
    public static boolean mayChangeQueue(Path queueDirectory) {
        int self = LocalHost.userId();
        if (self <= 0) {
            return true;
        }
        try {
            return Files.getAttribute(queueDirectory, "unix:uid").equals(self);
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }
}
