// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.storage.format.QueueId;

/**
 * Gives a message for {@code postcat}: a row with its envelope, then its content in pieces, in the stored form with CRLF
 * and doubled dots, if that is wanted. Of a file in {@code maildrop/} the row says no more than that, and the pieces are
 * the file's own records.
 * Thread: admin.
 *
 * <p>A piece is read when the reader has taken most of the one before, and nothing is kept open in between: the message
 * may leave the queue while it is read.
 */
final class ReadCommand implements AdminCommand<AdminRequest.ReadMessage> {
    private static final int PIECE_BYTES = 48 * 1024;
    private static final String GONE = "the message has left the queue";

    private final AdministeredQueue queue;
    private final MaildropQueue maildrop;

    ReadCommand(AdministeredQueue queue, MaildropQueue maildrop) {
        this.queue = queue;
        this.maildrop = maildrop;
    }

    @Override
    public void run(AdminRequest.ReadMessage request, AdminAnswer answer) {
        String id = request.id();
        long queueId = QueueId.parse(id);
        if (queueId == QueueId.NONE) {
            readMaildrop(id, 0, answer);
        } else {
            find(id, queueId, request.withContent(), answer);
        }
    }

    private void readMaildrop(String id, long offset, AdminAnswer answer) {
        maildrop.content(
                id,
                offset,
                PIECE_BYTES,
                content -> answer.execute(() -> {
                    if (content == null) {
                        answer.fail(offset == 0 ? "no such message: " + id : GONE);
                        return;
                    }
                    if (offset == 0) {
                        answer.row(new AnswerRow.MaildropFile());
                    }
                    if (content.length == 0) {
                        answer.done();
                        return;
                    }
                    answer.row(new AnswerRow.Content(content));
                    answer.whenDrained(() -> readMaildrop(id, offset + content.length, answer));
                }));
    }

    private void find(String id, long queueId, boolean withContent, AdminAnswer answer) {
        boolean asked = queue.message(
                queueId,
                message -> answer.execute(() -> {
                    if (message == null) {
                        readMaildrop(id, 0, answer);
                        return;
                    }
                    answer.row(message);
                    if (withContent) {
                        ask(message, 0, answer);
                    } else {
                        answer.done();
                    }
                }));
        if (!asked) {
            answer.executeSoon(() -> find(id, queueId, withContent, answer));
        }
    }

    private void ask(QueuedEnvelope message, long offset, AdminAnswer answer) {
        queue.content(
                message,
                offset,
                PIECE_BYTES,
                content -> answer.execute(() -> {
                    if (content == null) {
                        answer.fail(GONE);
                    } else if (content.length == 0) {
                        answer.done();
                    } else {
                        answer.row(new AnswerRow.Content(content));
                        answer.whenDrained(() -> ask(message, offset + content.length, answer));
                    }
                }));
    }
}
