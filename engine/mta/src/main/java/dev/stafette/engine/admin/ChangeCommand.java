// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.AdministeredChanges.Position;
import dev.stafette.engine.admin.AdministeredChanges.Slice;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes messages as {@code postsuper} asks. What is answered is on stable storage. Of what is in {@code maildrop/} only
 * deletion is possible, as in Postfix.
 * Thread: admin.
 */
final class ChangeCommand implements AdminCommand<AdminRequest.ChangeMessages> {
    /** A slice of named ones. The sockets get their turn in between. */
    private static final int NAMED_MAX = 100;

    private final AdministeredChanges changes;
    private final MaildropQueue maildrop;

    ChangeCommand(AdministeredChanges changes, MaildropQueue maildrop) {
        this.changes = changes;
        this.maildrop = maildrop;
    }

    @Override
    public void run(AdminRequest.ChangeMessages request, AdminAnswer answer) {
        Change change = request.change();
        Set<QueueName> asked = request.queues();
        Set<QueueName> queues = asked == null ? EnumSet.allOf(QueueName.class) : asked;
        List<String> ids = request.ids();
        boolean hasMaildrop = change == Change.DELETE && queues.contains(QueueName.MAILDROP);
        if (ids != null) {
            Set<String> rest = new LinkedHashSet<>(ids);
            Runnable end = hasMaildrop ? () -> deleteNamed(rest, answer) : answer::done;
            changeNamed(new Named(change, queues, rest, end), queueIds(rest), answer);
        } else {
            Runnable end = hasMaildrop ? () -> deleteAll(answer) : answer::done;
            All all = new All(change, queues, changes.newestId(), end);
            changeNext(all, AdministeredQueue.FIRST, answer);
        }
    }

    /** What is done to named messages; {@code rest}: those that the queue has not changed so far. */
    private record Named(Change change, Set<QueueName> queues, Set<String> rest, Runnable end) {}

    /** What is done to all. */
    private record All(Change change, Set<QueueName> queues, long newestId, Runnable end) {}

    private static List<Long> queueIds(Set<String> texts) {
        List<Long> ids = new ArrayList<>();
        for (String text : texts) {
            long id = QueueId.parse(text);
            if (id != QueueId.NONE) {
                ids.add(id);
            }
        }
        return ids;
    }

    private void deleteNamed(Set<String> ids, AdminAnswer answer) {
        maildrop.delete(
                List.copyOf(ids),
                deleted -> answer.execute(() -> {
                    for (String id : deleted) {
                        changes.note(id + ": " + Change.DELETE.done());
                        answer.row(new AnswerRow.MessageChanged(id));
                    }
                    answer.done();
                }));
    }

    private void deleteAll(AdminAnswer answer) {
        MaildropWalk.Step delete = (ids, next) -> maildrop.delete(
                ids,
                deleted -> answer.execute(() -> {
                    answer.row(new AnswerRow.MessagesChanged(deleted.size()));
                    answer.whenDrained(next);
                }));
        new MaildropWalk(maildrop, answer, delete, answer::done).start();
    }

    private void changeNamed(Named named, List<Long> ids, AdminAnswer answer) {
        if (ids.isEmpty()) {
            named.end().run();
            return;
        }
        int size = Math.min(ids.size(), NAMED_MAX);
        boolean asked = changes.changeNamed(
                named.change(),
                ids.subList(0, size),
                named.queues(),
                slice -> answer.execute(() -> {
                    for (long id : slice.queueIds()) {
                        String text = QueueId.format(id);
                        named.rest().remove(text);
                        answer.row(new AnswerRow.MessageChanged(text));
                    }
                    if (endsAnswer(slice, answer)) {
                        return;
                    }
                    answer.whenDrained(() -> changeNamed(named, ids.subList(size, ids.size()), answer));
                }));
        if (!asked) {
            answer.executeSoon(() -> changeNamed(named, ids, answer));
        }
    }

    private void changeNext(All all, long cursor, AdminAnswer answer) {
        boolean asked = changes.changeNext(
                all.change(),
                all.queues(),
                new Position(cursor, all.newestId()),
                slice -> answer.execute(() -> {
                    answer.row(new AnswerRow.MessagesChanged(slice.queueIds().size()));
                    if (endsAnswer(slice, answer)) {
                        return;
                    }
                    if (slice.nextCursor() == QueuePage.END) {
                        all.end().run();
                    } else if (slice.nextCursor() == cursor) {
                        answer.executeSoon(() -> changeNext(all, cursor, answer));
                    } else {
                        answer.whenDrained(() -> changeNext(all, slice.nextCursor(), answer));
                    }
                }));
        if (!asked) {
            answer.executeSoon(() -> changeNext(all, cursor, answer));
        }
    }

    private static boolean endsAnswer(Slice slice, AdminAnswer answer) {
        if (slice.failure().isEmpty()) {
            return false;
        }
        answer.fail(slice.failure());
        return true;
    }
}
