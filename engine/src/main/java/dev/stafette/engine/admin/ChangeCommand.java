// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.ChangeControl.Change;
import dev.stafette.engine.admin.ChangeControl.Position;
import dev.stafette.engine.admin.ChangeControl.Slice;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.storage.QueueId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Changes messages as {@code postsuper} asks: {@code "change"} says what, {@code "ids"} which ones, or without it all of
 * the {@code "queues"}; without those, of every queue. What is answered is on stable storage.
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

    ChangeCommand(ChangeControl changes) {
        this.changes = changes;
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
        if (request.has("ids")) {
            changeNamed(change, queueIds(request), queues, answer);
        } else {
            changeNext(change, queues, new Position(QueueControl.FIRST, changes.newestId()), answer);
        }
    }

    private static List<Long> queueIds(JsonObject request) {
        List<Long> ids = new ArrayList<>();
        for (String text : request.texts("ids")) {
            long id = QueueId.parse(text);
            if (id != QueueId.NONE) {
                ids.add(id);
            }
        }
        return ids;
    }

    private void changeNamed(Change change, List<Long> ids, Set<QueueName> queues, AdminAnswer answer) {
        if (ids.isEmpty()) {
            answer.done();
            return;
        }
        int size = Math.min(ids.size(), NAMED_MAX);
        boolean asked = changes.changeNamed(
                change,
                ids.subList(0, size),
                queues,
                slice -> answer.execute(() -> {
                    for (long id : slice.queueIds()) {
                        answer.line(new JsonWriter()
                                .beginObject()
                                .key("id")
                                .value(QueueId.format(id))
                                .endObject());
                    }
                    if (endsAnswer(slice, answer)) {
                        return;
                    }
                    answer.whenDrained(() -> changeNamed(change, ids.subList(size, ids.size()), queues, answer));
                }));
        if (!asked) {
            answer.executeSoon(() -> changeNamed(change, ids, queues, answer));
        }
    }

    private void changeNext(Change change, Set<QueueName> queues, Position position, AdminAnswer answer) {
        boolean asked = changes.changeNext(
                change,
                queues,
                position,
                slice -> answer.execute(() -> {
                    answer.line(new JsonWriter()
                            .beginObject()
                            .key("count")
                            .value(slice.queueIds().size())
                            .endObject());
                    if (endsAnswer(slice, answer)) {
                        return;
                    }
                    if (slice.nextCursor() == QueuePage.END) {
                        answer.done();
                    } else if (slice.nextCursor() == position.cursor()) {
                        answer.executeSoon(() -> changeNext(change, queues, position, answer));
                    } else {
                        Position next = new Position(slice.nextCursor(), position.newestId());
                        answer.whenDrained(() -> changeNext(change, queues, next, answer));
                    }
                }));
        if (!asked) {
            answer.executeSoon(() -> changeNext(change, queues, position, answer));
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
