// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.storage.format.QueueId;
import java.util.Base64;
import java.util.List;

/**
 * Gives a message for {@code postcat}: a line with its envelope, then its content in pieces of base64, in the stored form
 * with CRLF and doubled dots. Without {@code "content": true} the envelope alone. Of a file in {@code maildrop/} the line
 * says no more than that, and the pieces are the file's own records.
 * Thread: admin.
 *
 * <p>A piece is read when the reader has taken most of the one before, and nothing is kept open in between: the message
 * may leave the queue while it is read.
 */
final class ReadCommand implements AdminCommand {
    private static final int PIECE_BYTES = 48 * 1024;
    private static final String GONE = "the message has left the queue";

    private final QueueReader queue;
    private final MaildropControl maildrop;

    ReadCommand(QueueReader queue, MaildropControl maildrop) {
        this.queue = queue;
        this.maildrop = maildrop;
    }

    @Override
    public String name() {
        return "read";
    }

    @Override
    public void run(JsonObject request, AdminAnswer answer) {
        String id = request.text("id");
        long queueId = QueueId.parse(id);
        if (queueId == QueueId.NONE) {
            readMaildrop(id, 0, answer);
        } else {
            find(id, queueId, request.flag("content"), answer);
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
                        String queueName = QueueName.MAILDROP.text();
                        answer.line(new JsonWriter()
                                .beginObject()
                                .key("queue_name")
                                .value(queueName)
                                .endObject());
                    }
                    if (content.length == 0) {
                        answer.done();
                        return;
                    }
                    lineOf(content, answer);
                    answer.whenDrained(() -> readMaildrop(id, offset + content.length, answer));
                }));
    }

    private static void lineOf(byte[] content, AdminAnswer answer) {
        String text = Base64.getEncoder().encodeToString(content);
        answer.line(new JsonWriter().beginObject().key("content").value(text).endObject());
    }

    private void find(String id, long queueId, boolean withContent, AdminAnswer answer) {
        boolean asked = queue.message(
                queueId,
                message -> answer.execute(() -> {
                    if (message == null) {
                        readMaildrop(id, 0, answer);
                        return;
                    }
                    answer.line(json(message));
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

    private void ask(MessageFacts message, long offset, AdminAnswer answer) {
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
                        lineOf(content, answer);
                        answer.whenDrained(() -> ask(message, offset + content.length, answer));
                    }
                }));
    }

    private static JsonWriter json(MessageFacts message) {
        Envelope envelope = message.stored().envelope();
        JsonWriter json = new JsonWriter().beginObject();
        json.key("queue_name").value(message.queue().text());
        json.key("arrival_time").value(message.stored().arrivalMs() / 1000);
        json.key("create_time").value(QueueId.epochMicros(message.stored().queueId()) / 1_000_000);
        json.key("message_size").value(message.body().sizeBytes());
        json.key("eight_bit").value(envelope.eightBit());
        json.key("smtputf8").value(envelope.smtpUtf8());
        json.key("return")
                .value(
                        envelope.dsnReturn() == DsnReturn.UNSPECIFIED
                                ? ""
                                : envelope.dsnReturn().name());
        String envelopeId = envelope.envelopeId();
        json.key("envelope_id").value(envelopeId == null ? "" : envelopeId);
        json.key("trace")
                .value(
                        envelope.trace() == TraceMode.NONE
                                ? ""
                                : envelope.trace().name());
        json.key("verp").value(envelope.verp() == null ? "" : envelope.verp().toString());
        json.key("sender").value(envelope.sender().external());
        json.key("recipients").beginArray();
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            EnvelopeRecipient recipient = recipients.get(i);
            json.beginObject();
            json.key("address").value(recipient.address().external());
            String original = recipient.originalRecipient();
            json.key("original").value(original == null ? "" : original);
            String given = recipient.givenAddress();
            json.key("given").value(given == null ? "" : given);
            json.key("notify").value(recipient.notifyBits() == DsnNotify.UNSPECIFIED ? 0 : recipient.notifyBits());
            json.key("done").value(!message.waiting().contains(i));
            json.endObject();
        }
        return json.endArray().endObject();
    }
}
