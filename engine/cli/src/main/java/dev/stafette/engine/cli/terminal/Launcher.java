// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs another command of this installation, by its launcher.
 * Thread: main, which waits for its end.
 */
public final class Launcher {
    private Launcher() {}

    /** Where the launchers of this installation are. */
    public static Path directory() {
        // Started by the launcher, the class path is lib/stafette.jar of the installation.
        return Path.of(System.getProperty("java.class.path", ""))
                .toAbsolutePath()
                .resolve("../../bin")
                .normalize();
    }

    /** Returns its exit code. */
    public static int run(Terminal terminal, String program, String command, String... words) {
        List<String> line = new ArrayList<>();
        line.add(directory().resolve(command).toString());
        line.addAll(List.of(words));
        terminal.out().flush();
        try {
            return new ProcessBuilder(line).inheritIO().start().waitFor();
        } catch (IOException e) {
            return terminal.fatal(program, ExitCode.TRY_AGAIN, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.TRY_AGAIN;
        }
    }
}
