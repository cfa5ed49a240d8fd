// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import dev.stafette.engine.admin.AdminClient;
import dev.stafette.engine.admin.AdminClient.Absence;
import dev.stafette.engine.admin.AdminClient.AbsentException;
import dev.stafette.engine.admin.AdminRequest;
import dev.stafette.engine.admin.Change;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.cli.terminal.AsOwner;
import dev.stafette.engine.cli.terminal.Caller;
import dev.stafette.engine.cli.terminal.ConfigDirectory;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.Strangers;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.WaitingMail;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code postsuper}: deletes, requeues, holds, releases and expires messages. The process does it; without one only
 * {@code maildrop/} is changed, since the queue has one owner.
 * Thread: main.
 */
public final class PostsuperCommand {
    private static final String NAME = "postsuper";
    private static final String USAGE = "usage: postsuper [-c config_dir] [-d queue_id (delete)] [-e queue_id (expire)]"
            + " [-f queue_id (expire and/or un-hold)] [-h queue_id (hold)] [-H queue_id (un-hold)]"
            + " [-p (purge temporary files)] [-r queue_id (requeue)] [-s (structure fix)]"
            + " [-S (redundant structure fix)][-v (verbose)] [queue...]";

    private static final String ALL = "ALL";
    private static final String DOWN = "mail system is down";
    private static final Set<String> QUEUES =
            Set.of("maildrop", "incoming", "active", "deferred", "hold", "defer", "bounce", "flush", "trace");

    /** In one request, which has to fit into the socket's buffer. */
    private static final int IDS_MAX = 500;

    private final Terminal terminal;
    private final Map<Character, List<String>> wanted = new HashMap<>();
    private final Map<Change, Long> totals = new EnumMap<>(Change.class);
    private List<String> queues = List.of();

    /** What a flag does to each message. */
    private record Step(char letter, Change... changes) {}

    /** In the order in which it is done. */
    private static final Step[] STEPS = {
        new Step('d', Change.DELETE),
        new Step('r', Change.REQUEUE),
        new Step('H', Change.RELEASE),
        new Step('h', Change.HOLD),
        new Step('e', Change.EXPIRE),
        new Step('f', Change.EXPIRE, Change.RELEASE)
    };

    /** The process could not do it; the message is for people. */
    private static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    public PostsuperCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse("c:d:e:f:h:H:pr:sSv", arguments, 0);
        if (flags.areWrong()) {
            terminal.say(NAME, flags.complaint());
            return terminal.fatal(NAME, ExitCode.FAILED, USAGE);
        }
        String directory = "";
        for (Flags.Flag flag : flags.all()) {
            switch (flag.letter()) {
                case 'c' -> directory = flag.argument();
                case 'p', 's', 'S', 'v' -> {
                    // There are no files whose names or places could be wrong, and there is nothing more to say.
                }
                default ->
                    wanted.computeIfAbsent(flag.letter(), letter -> new ArrayList<>())
                            .add(flag.argument());
            }
        }
        queues = flags.operands();
        for (String queue : queues) {
            if (!QUEUES.contains(queue)) {
                return terminal.fatal(NAME, ExitCode.FAILED, "invalid directory name: " + queue);
            }
        }
        return change(ConfigDirectory.find(terminal, directory), arguments);
    }

    private int change(Path configDirectory, String[] arguments) {
        var queueDirectory = ConfigDirectory.queueDirectory(configDirectory);
        if (!Caller.mayChangeQueue(queueDirectory.path())) {
            return terminal.fatal(NAME, ExitCode.FAILED, "use of this command is reserved for the superuser");
        }
        if (wanted.isEmpty()) {
            return ExitCode.OK;
        }
        Path socket = queueDirectory.adminSocket();
        try {
            if (isDown(socket)) {
                Maildrop maildrop = new Maildrop(queueDirectory.path());
                Strangers strangers = Strangers.onTheWayTo(maildrop.directory());
                return strangers.exist()
                        ? changeAsOwner(strangers, arguments)
                        : deleteFromMaildrop(new WaitingMail(maildrop));
            }
            for (Step step : STEPS) {
                change(step, socket);
            }
            sayTotals(text -> note(text, socket));
            return ExitCode.OK;
        } catch (AbsentException e) {
            String why = e.absence() == Absence.DOWN ? DOWN : e.getMessage();
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot change mail queue - " + why);
        } catch (RefusedException e) {
            return terminal.fatal(NAME, ExitCode.TRY_AGAIN, "Cannot change mail queue - " + e.getMessage());
        } catch (IOException e) {
            return terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot ask the mail system: " + e.getMessage());
        }
    }

    private int changeAsOwner(Strangers strangers, String[] arguments) {
        boolean reads = wanted.values().stream().anyMatch(words -> words.contains("-"));
        InputStream in = reads ? terminal.in() : InputStream.nullInputStream();
        return new AsOwner(terminal, NAME, strangers).run(ExitCode.TRY_AGAIN, NAME, List.of(arguments), in);
    }

    /** Asked before ids are read from standard input, which cannot be read again. */
    private static boolean isDown(Path socket) throws IOException {
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send(new AdminRequest.Status());
            return client.readLine() == null;
        } catch (AbsentException e) {
            if (e.absence() == Absence.DOWN) {
                return true;
            }
            throw e;
        }
    }

    private int deleteFromMaildrop(WaitingMail waiting) throws IOException {
        MaildropDeletion deletion = new MaildropDeletion(waiting, queues);
        for (Step step : STEPS) {
            List<String> words = wanted.getOrDefault(step.letter(), List.of());
            if (words.isEmpty()) {
                continue;
            }
            for (Change change : step.changes()) {
                totals.merge(change, 0L, Long::sum);
            }
            if (step.letter() != 'd') {
                deletion.skip();
            } else if (words.contains(ALL)) {
                deletion.deleteAll();
            } else {
                deletion.deleteNamed(
                        new QueueIds(terminal, NAME, words),
                        id -> terminal.say(NAME, id + ": " + Change.DELETE.done()));
            }
        }
        if (deletion.deletedCount() > 0) {
            totals.put(Change.DELETE, deletion.deletedCount());
        }
        if (deletion.deletedCount() > 0 || !deletion.needsQueue()) {
            sayTotals(text -> {});
        }
        return deletion.needsQueue()
                ? terminal.fatal(NAME, ExitCode.UNAVAILABLE, "Cannot change mail queue - " + DOWN)
                : ExitCode.OK;
    }

    private void change(Step step, Path socket) throws IOException {
        List<String> words = wanted.getOrDefault(step.letter(), List.of());
        if (words.isEmpty()) {
            return;
        }
        for (Change change : step.changes()) {
            totals.merge(change, 0L, Long::sum);
        }
        if (words.contains(ALL)) {
            for (Change change : step.changes()) {
                ask(request(change, null), socket);
            }
            return;
        }
        QueueIds ids = new QueueIds(terminal, NAME, words);
        for (List<String> some = ids.next(IDS_MAX); !some.isEmpty(); some = ids.next(IDS_MAX)) {
            for (Change change : step.changes()) {
                ask(request(change, some), socket);
            }
        }
    }

    /** {@code ids}: null for all. */
    private AdminRequest.ChangeMessages request(Change change, @Nullable List<String> ids) {
        return new AdminRequest.ChangeMessages(change, ids, queues.isEmpty() ? null : QueueName.allOf(queues));
    }

    private void ask(AdminRequest.ChangeMessages request, Path socket) throws IOException {
        Change change = request.change();
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send(request);
            for (String line = client.readLine(); line != null; line = client.readLine()) {
                JsonObject object = JsonObject.parse(line);
                if (object == null) {
                    throw new IOException("unreadable answer: " + line);
                }
                String id = object.text("id");
                if (id.isEmpty()) {
                    totals.merge(change, object.number("count"), Long::sum);
                } else {
                    terminal.say(NAME, id + ": " + change.done());
                    totals.merge(change, 1L, Long::sum);
                }
            }
            if (!client.failure().isEmpty()) {
                throw new RefusedException(client.failure());
            }
        }
    }

    /** Where a total goes besides the caller's terminal. */
    private interface TotalSink {
        void add(String text) throws IOException;
    }

    private void sayTotals(TotalSink sink) throws IOException {
        sayTotal("Requeued", Change.REQUEUE, sink);
        sayTotal("Deleted", Change.DELETE, sink);
        sayTotal("Force-expired", Change.EXPIRE, sink);
        sayTotal("Placed on hold", Change.HOLD, sink);
        sayTotal("Released from hold", Change.RELEASE, sink);
    }

    private void sayTotal(String label, Change change, TotalSink sink) throws IOException {
        Long total = totals.get(change);
        if (total == null) {
            return;
        }
        String text = label + ": " + total + (total == 1 ? " message" : " messages");
        terminal.say(NAME, text);
        sink.add(text);
    }

    /** For the mail log. */
    private static void note(String text, Path socket) throws IOException {
        try (AdminClient client = AdminClient.connect(socket)) {
            client.send(new AdminRequest.Note(text));
            client.readLine();
        }
    }
}
