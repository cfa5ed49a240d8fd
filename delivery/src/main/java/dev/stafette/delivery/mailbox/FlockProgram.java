// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * By a program of util-linux, which holds the lock as long as its input is open. For a process with the rights of one account: a
 * program does not get those of a thread.
 * Thread: any.
 */
final class FlockProgram implements Flock {
    @Override
    public @Nullable Held tryLock(Path file) throws IOException {
        Process holder = new ProcessBuilder(
                        "sh", "-c", "exec 3>>\"$1\" && flock -n 3 && echo && exec cat >/dev/null", "-", file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (holder.getInputStream().read() != '\n') {
            holder.destroy();
            return null;
        }
        return () -> {
            holder.getOutputStream().close();
            holder.onExit().join();
        };
    }
}
