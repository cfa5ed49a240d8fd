// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueueReader.ShapeQuestion;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Counts the queue by domain and age for {@code qshape}: {@code "queues"}, {@code "senders"}, and in {@code "limits"} the
 * seconds where age groups end.
 * Thread: admin.
 *
 * <pre>
 * {"command": "shape", "queues": ["deferred"], "limits": [300, 600]}   {"domain": "example.com", "counts": [17, 4, 0]} ...
 * </pre>
 */
final class ShapeCommand implements AdminCommand {
    /** Lines before the reader has to have taken most of them. */
    private static final int LINES_MAX = 1000;

    private final QueueReader queue;
    private final MaildropControl maildrop;

    ShapeCommand(QueueReader queue, MaildropControl maildrop) {
        this.queue = queue;
        this.maildrop = maildrop;
    }

    @Override
    public String name() {
        return "shape";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        Set<QueueName> queues = EnumSet.noneOf(QueueName.class);
        for (String text : request.texts("queues")) {
            QueueName name = QueueName.of(text);
            if (name != null) {
                queues.add(name);
            }
        }
        ShapeQuestion question = new ShapeQuestion(request.flag("senders"), queues, request.numbers("limits"));
        Map<String, long[]> sums = new HashMap<>();
        if (!queues.contains(QueueName.MAILDROP)) {
            ask(question, QueueControl.FIRST, sums, answer);
            return;
        }
        MaildropShape shape = new MaildropShape(question, System.currentTimeMillis(), sums);
        MaildropWalk.Step count = (ids, next) -> maildrop.messages(
                ids,
                messages -> answer.execute(() -> {
                    messages.forEach(shape::add);
                    next.run();
                }));
        new MaildropWalk(maildrop, answer, count, () -> ask(question, QueueControl.FIRST, sums, answer)).start();
    }

    private void ask(ShapeQuestion question, long cursor, Map<String, long[]> sums, AdminAnswer answer) {
        boolean asked = queue.shape(
                question,
                cursor,
                (counts, next) -> answer.execute(() -> {
                    counts.forEach((domain, row) -> sums.merge(domain, row, ShapeCommand::sum));
                    if (next == QueuePage.END) {
                        write(sums.entrySet().iterator(), answer);
                    } else {
                        ask(question, next, sums, answer);
                    }
                }));
        if (!asked) {
            answer.executeSoon(() -> ask(question, cursor, sums, answer));
        }
    }

    private static long[] sum(long[] one, long[] other) {
        long[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }

    private static void write(Iterator<Map.Entry<String, long[]>> rows, AdminAnswer answer) {
        for (int i = 0; i < LINES_MAX && rows.hasNext(); i++) {
            Map.Entry<String, long[]> row = rows.next();
            JsonWriter json = new JsonWriter().beginObject().key("domain").value(row.getKey());
            json.key("counts").beginArray();
            for (long count : row.getValue()) {
                json.value(count);
            }
            answer.line(json.endArray().endObject());
        }
        if (rows.hasNext()) {
            answer.whenDrained(() -> write(rows, answer));
        } else {
            answer.done();
        }
    }
}
