// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.command.CommandEnvironment;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.pipe.ProgramEnvironment;
import java.time.Duration;

/**
 * What main.cf says of programs of users.
 * Thread: any (a value).
 *
 * @param shell local_command_shell; empty: the system's, and only where it is needed
 * @param filter characters that variables may have, of all that comes from strangers
 * @param directory where a program works, unexpanded; empty: in {@code queueDirectory}
 */
record CommandSection(
        CommandEnvironment environment,
        String shell,
        String filter,
        String directory,
        String directoryFilter,
        String queueDirectory,
        Duration timeLimit) {
    static CommandSection of(Settings settings) {
        return new CommandSection(
                ProgramEnvironment.of(settings),
                settings.text("local_command_shell"),
                settings.text("command_expansion_filter"),
                settings.text("command_execution_directory"),
                settings.text("execution_directory_expansion_filter"),
                settings.text("queue_directory"),
                settings.time("command_time_limit"));
    }
}
