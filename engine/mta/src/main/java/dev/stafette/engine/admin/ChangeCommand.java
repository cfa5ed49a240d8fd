// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.ChangeControl.Change;
import dev.stafette.engine.admin.ChangeControl.Position;
import dev.stafette.engine.admin.ChangeControl.Slice;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes messages as {@code postsuper} asks: {@code "change"} says what, {@code "ids"} which ones, or without it all of
 * the {@code "queues"}; without those, of every queue. What is answered is on stable storage. Of what is in
 * {@code maildrop/} only deletion is possible, as in Postfix.
 * Thread: admin.
 *
 * <pre>
 * {"command": "change", "change": "hold", "ids": ["4Fx1y22bzBz1"]}   {"id": "4Fx1y22bzBz1"}
 * {"command": "change", "change": "delete", "queues": ["hold"]}      {"count": 512} ... {"count": 17}
 * {"command": "change", "note": "Deleted: 529 messages"}             a line for the mail log
 * </pre>
 */
final class ChangeCommand implements AdminCommand {
    /** A slice of named ones. The sockets get their turn in between. */
    private static final int NAMED_MAX = 100;

    private final ChangeControl changes;
    private final MaildropControl maildrop;

    ChangeCommand(ChangeControl changes, MaildropControl maildrop) {
        this.changes = changes;
        this.maildrop = maildrop;
    }

    @Override
    public String name() {
        return "change";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        if (request.has("note")) {
            changes.note(request.text("note"));
            answer.done();
            return;
        }
        Change change = Change.of(request.text("change"));
        if (change == null) {
            answer.fail("no such change: " + request.text("change"));
            return;
        }
        Set<QueueName> queues = EnumSet.noneOf(QueueName.class);
        for (String text : request.texts("queues")) {
            QueueName queue = QueueName.of(text);
            if (queue != null) {
                queues.add(queue);
            }
        }
        if (!request.has("queues")) {
            queues = EnumSet.allOf(QueueName.class);
        }
        boolean hasMaildrop = change == Change.DELETE && queues.contains(QueueName.MAILDROP);
        if (request.has("ids")) {
            Set<String> rest = new LinkedHashSet<>(request.texts("ids"));
            Runnable end = hasMaildrop ? () -> deleteNamed(rest, answer) : answer::done;
            changeNamed(new Named(change, queues, rest, end), queueIds(rest), answer);
        } else {
            Runnable end = hasMaildrop ? () -> deleteAll(answer) : answer::done;
            All all = new All(change, queues, changes.newestId(), end);
            changeNext(all, QueueControl.FIRST, answer);
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
                        lineOf(id, answer);
                    }
                    answer.done();
                }));
    }

    private void deleteAll(AdminAnswer answer) {
        MaildropWalk.Step delete = (ids, next) -> maildrop.delete(
                ids,
                deleted -> answer.execute(() -> {
                    lineOf(deleted.size(), answer);
                    answer.whenDrained(next);
                }));
        new MaildropWalk(maildrop, answer, delete, answer::done).start();
    }

    private static void lineOf(String id, AdminAnswer answer) {
        answer.line(new JsonWriter().beginObject().key("id").value(id).endObject());
    }

    private static void lineOf(int count, AdminAnswer answer) {
        answer.line(new JsonWriter().beginObject().key("count").value(count).endObject());
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
                        lineOf(text, answer);
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
                    lineOf(slice.queueIds().size(), answer);
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
