// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;

/**
 * Lists the queue, a message a line, in the form of {@code postqueue -j}: first what waits in {@code maildrop/}, as in
 * Postfix.
 * Thread: admin.
 *
 * <p>It asks for page after page, and for the next one only when the reader has taken most of the one before: a million
 * messages cost the memory of one page, and the queue is never stopped for longer than one page takes.
 */
final class ListCommand implements AdminCommand {
    private static final int PAGE_MESSAGES = 100;

    /**
     * Between two pages while the queue has other work: 2,500 messages a second. At 4,000 a relay that has no core to spare
     * delivered 5 % less beside an endless listing.
     */
    private static final long PAUSE_MS = 40;

    /** What Postfix shows for the null reverse-path. */
    private static final String NULL_SENDER = "MAILER-DAEMON";

    private static final long NONE_YET = -1;

    private final QueueControl queue;
    private final MaildropControl maildrop;

    ListCommand(QueueControl queue, MaildropControl maildrop) {
        this.queue = queue;
        this.maildrop = maildrop;
    }

    @Override
    public String name() {
        return "list";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        MaildropWalk.Step list = (ids, next) -> maildrop.messages(
                ids,
                messages -> answer.execute(() -> {
                    messages.forEach(message -> answer.line(json(message)));
                    answer.whenDrained(next);
                }));
        new MaildropWalk(maildrop, answer, list, () -> ask(QueueControl.FIRST, NONE_YET, answer)).start();
    }

    private void ask(long cursor, long workBefore, AdminAnswer answer) {
        boolean asked =
                queue.list(cursor, PAGE_MESSAGES, page -> answer.execute(() -> write(page, workBefore, answer)));
        if (!asked) {
            answer.executeSoon(() -> ask(cursor, workBefore, answer));
        }
    }

    private void write(QueuePage page, long workBefore, AdminAnswer answer) {
        for (QueuedMessage message : page.messages()) {
            answer.line(json(message));
        }
        if (page.nextCursor() == QueuePage.END) {
            answer.done();
        } else {
            boolean isBusy = workBefore != NONE_YET && page.workCount() != workBefore;
            Runnable next = () -> ask(page.nextCursor(), page.workCount(), answer);
            answer.whenDrained(isBusy ? () -> answer.executeLater(PAUSE_MS, next) : next);
        }
    }

    private static JsonWriter json(QueuedMessage message) {
        JsonWriter json = new JsonWriter().beginObject();
        json.key("queue_name").value(message.queue().text());
        json.key("queue_id").value(message.id());
        json.key("arrival_time").value(message.arrivalMs() / 1000);
        json.key("message_size").value(message.sizeBytes());
        json.key("forced_expire").value(message.forcedExpire());
        json.key("sender").value(message.sender().isEmpty() ? NULL_SENDER : message.sender());
        json.key("recipients").beginArray();
        for (QueuedRecipient recipient : message.recipients()) {
            json.beginObject().key("address").value(recipient.address());
            String original = recipient.originalAddress();
            if (original != null) {
                json.key("orig_address").value(original);
            }
            String reason = recipient.delayReason();
            if (reason != null) {
                json.key("delay_reason").value(reason);
            }
            json.endObject();
        }
        return json.endArray().endObject();
    }
}
