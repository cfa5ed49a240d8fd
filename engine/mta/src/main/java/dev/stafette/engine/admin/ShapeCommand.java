// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Counts the queue by domain and age for {@code qshape}.
 * Thread: admin.
 */
final class ShapeCommand implements AdminCommand<AdminRequest.CountDomains> {
    /** Rows before the reader has to have taken most of them. */
    private static final int ROWS_MAX = 1000;

    private final AdministeredQueue queue;
    private final MaildropQueue maildrop;

    ShapeCommand(AdministeredQueue queue, MaildropQueue maildrop) {
        this.queue = queue;
        this.maildrop = maildrop;
    }

    @Override
    public void run(AdminRequest.CountDomains question, AdminAnswer answer) {
        Map<String, long[]> sums = new HashMap<>();
        if (!question.queues().contains(QueueName.MAILDROP)) {
            ask(question, AdministeredQueue.FIRST, sums, answer);
            return;
        }
        MaildropShape shape = new MaildropShape(question, System.currentTimeMillis(), sums);
        MaildropWalk.Step count = (ids, next) -> maildrop.entries(
                ids,
                entries -> answer.execute(() -> {
                    entries.forEach(shape::add);
                    next.run();
                }));
        new MaildropWalk(maildrop, answer, count, () -> ask(question, AdministeredQueue.FIRST, sums, answer)).start();
    }

    private void ask(AdminRequest.CountDomains question, long cursor, Map<String, long[]> sums, AdminAnswer answer) {
        boolean asked = queue.shape(
                question,
                cursor,
                shape -> answer.execute(() -> {
                    shape.counts().forEach((domain, row) -> sums.merge(domain, row, ShapeCommand::sum));
                    if (shape.nextCursor() == QueuePage.END) {
                        write(sums.entrySet().iterator(), answer);
                    } else {
                        ask(question, shape.nextCursor(), sums, answer);
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
        for (int i = 0; i < ROWS_MAX && rows.hasNext(); i++) {
            Map.Entry<String, long[]> row = rows.next();
            answer.row(new AnswerRow.DomainCounts(row.getKey(), row.getValue()));
        }
        if (rows.hasNext()) {
            answer.whenDrained(() -> write(rows, answer));
        } else {
            answer.done();
        }
    }
}
