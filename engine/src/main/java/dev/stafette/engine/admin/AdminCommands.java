// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * The list of admin commands: a new one is a class and a line here.
 * Thread: start-up only.
 */
public final class AdminCommands {
    private final List<AdminCommand> commands;

    public AdminCommands(
            ProcessControl process,
            QueueControl queue,
            ChangeControl changes,
            QueueReader reader,
            LatencyReport latencies) {
        this.commands = List.of(
                new StatusCommand(),
                new StopCommand(process),
                new AbortCommand(process),
                new ReloadCommand(process),
                new FlushCommand(queue),
                new ListCommand(queue),
                new ChangeCommand(changes),
                new ReadCommand(reader),
                new ShapeCommand(reader),
                new StatsCommand(latencies),
                new HlogCommand(latencies));
    }

    void run(JsonObject request, AdminAnswer answer) {
        String name = request.text("command");
        for (AdminCommand command : commands) {
            if (command.name().equals(name)) {
                command.run(request, answer);
                return;
            }
        }
        answer.fail("no such command: " + name);
    }
}
