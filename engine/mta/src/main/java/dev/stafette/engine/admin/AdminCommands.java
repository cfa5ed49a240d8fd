// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.AccessControl.Right;
import java.util.List;

/**
 * The list of admin commands: a new one is a class and a line here.
 * Thread: start-up only.
 */
public final class AdminCommands {
    private final List<AdminCommand> commands;

    private AdminCommands(List<AdminCommand> commands) {
        this.commands = commands;
    }

    public static AdminCommands of(AdminParts parts) {
        return new AdminCommands(List.of(
                new StatusCommand(),
                new StopCommand(parts.process()),
                new AbortCommand(parts.process()),
                new ReloadCommand(parts.process()),
                new FlushCommand(parts.queue()),
                new ListCommand(parts.queue(), parts.maildrop()),
                new ChangeCommand(parts.changes(), parts.maildrop()),
                new ReadCommand(parts.reader(), parts.maildrop()),
                new ShapeCommand(parts.reader(), parts.maildrop()),
                new StatsCommand(parts.latencies()),
                new HlogCommand(parts.latencies())));
    }

    /** Those for whoever may ask for them, and does not administer. */
    public static AdminCommands forUsers(AdminParts parts, AccessControl access) {
        return new AdminCommands(List.of(
                new GuardedCommand(new ListCommand(parts.queue(), parts.maildrop()), access, Right.VIEW),
                new GuardedCommand(new FlushCommand(parts.queue()), access, Right.FLUSH)));
    }

    /** Those that show a queue in which nothing happens. */
    public static AdminCommands thatShow(QueueControl queue, QueueReader reader, MaildropControl maildrop) {
        return new AdminCommands(List.of(
                new ListCommand(queue, maildrop),
                new ReadCommand(reader, maildrop),
                new ShapeCommand(reader, maildrop)));
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
