// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import java.util.List;

/**
 * Who answers which request: a new command is a record in {@link AdminRequest}, a class, a line here and its form in
 * {@link LineCodec}.
 * Thread: start-up only; {@link #run} admin.
 */
public final class AdminCommands {
    private final List<Row<?>> rows;

    /** A kind of request and what answers it. */
    private record Row<R extends AdminRequest>(Class<R> request, AdminCommand<R> command) {
        boolean tryRun(AdminRequest asked, AdminAnswer answer) {
            if (!request.isInstance(asked)) {
                return false;
            }
            command.run(request.cast(asked), answer);
            return true;
        }
    }

    private AdminCommands(List<Row<?>> rows) {
        this.rows = rows;
    }

    public static AdminCommands of(AdminParts parts) {
        return new AdminCommands(List.of(
                new Row<>(AdminRequest.Status.class, new StatusCommand()),
                new Row<>(AdminRequest.Stop.class, new StopCommand(parts.process())),
                new Row<>(AdminRequest.Abort.class, new AbortCommand(parts.process())),
                new Row<>(AdminRequest.Reload.class, new ReloadCommand(parts.process())),
                new Row<>(AdminRequest.Flush.class, new FlushCommand(parts.queue())),
                new Row<>(AdminRequest.ListMessages.class, new ListCommand(parts.queue(), parts.maildrop())),
                new Row<>(AdminRequest.ChangeMessages.class, new ChangeCommand(parts.changes(), parts.maildrop())),
                new Row<>(AdminRequest.Note.class, new NoteCommand(parts.changes())),
                new Row<>(AdminRequest.ReadMessage.class, new ReadCommand(parts.queue(), parts.maildrop())),
                new Row<>(AdminRequest.CountDomains.class, new ShapeCommand(parts.queue(), parts.maildrop())),
                new Row<>(AdminRequest.Stats.class, new StatsCommand(parts.metrics())),
                new Row<>(AdminRequest.Hlog.class, new HlogCommand(parts.metrics()))));
    }

    /** Those for whoever may ask for them, and does not administer. */
    public static AdminCommands forUsers(AdminParts parts, ListedUsers users) {
        return new AdminCommands(List.of(
                new Row<>(
                        AdminRequest.ListMessages.class,
                        new GuardedCommand<>(new ListCommand(parts.queue(), parts.maildrop()), users, UserRight.VIEW)),
                new Row<>(
                        AdminRequest.Flush.class,
                        new GuardedCommand<>(new FlushCommand(parts.queue()), users, UserRight.FLUSH))));
    }

    /** Those that show a queue in which nothing happens. */
    static AdminCommands thatShow(AdministeredQueue queue, MaildropQueue maildrop) {
        return new AdminCommands(List.of(
                new Row<>(AdminRequest.ListMessages.class, new ListCommand(queue, maildrop)),
                new Row<>(AdminRequest.ReadMessage.class, new ReadCommand(queue, maildrop)),
                new Row<>(AdminRequest.CountDomains.class, new ShapeCommand(queue, maildrop))));
    }

    static String noSuchCommand(String word) {
        return "no such command: " + word;
    }

    void run(AdminRequest request, AdminAnswer answer) {
        for (Row<?> row : rows) {
            if (row.tryRun(request, answer)) {
                return;
            }
        }
        answer.fail(noSuchCommand(request.command()));
    }
}
