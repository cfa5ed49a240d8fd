// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.OriginLogin;
import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.metrics.StageSummary;
import dev.stafette.storage.format.QueueId;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The protocol of the sockets: requests and rows of answers as JSON objects, one a line, and a last line that says how it
 * went.
 * Thread: any. It has no state.
 *
 * <pre>
 * {"command": "change", "change": "hold", "ids": ["4Fx1y22bzBz1"]}   {"id": "4Fx1y22bzBz1"}           {"status": "ok"}
 * {"command": "change", "change": "delete", "queues": ["hold"]}      {"count": 512} ... {"count": 17} {"status": "ok"}
 * {"command": "change", "note": "Deleted: 529 messages"}             {"status": "ok"}
 * {"command": "shape", "queues": ["deferred"], "limits": [300]}      {"domain": "a.test", "counts": [17, 4]} ...
 * {"command": "explode"}                      {"status": "error", "reason": "no such command: explode"}
 * </pre>
 *
 * <p>The row of a message that is listed is what {@code postqueue -j} prints.
 */
final class LineCodec {
    /** How the last line of an answer begins, and no other. */
    static final String LAST_LINE_START = "{\"status\": ";

    private LineCodec() {}

    /** What was read: a request, or why there is none. */
    record Reading(@Nullable AdminRequest request, String failure) {}

    static Reading readRequest(String line) {
        JsonObject json = JsonObject.parse(line);
        if (json == null) {
            return new Reading(null, "no JSON object: " + line);
        }
        String command = json.text("command");
        return switch (command) {
            case "status" -> of(new AdminRequest.Status());
            case "stop" -> of(new AdminRequest.Stop());
            case "abort" -> of(new AdminRequest.Abort());
            case "reload" -> of(new AdminRequest.Reload());
            case "flush" -> of(new AdminRequest.Flush(textOrNull(json, "id"), textOrNull(json, "site")));
            case "list" -> of(new AdminRequest.ListMessages());
            case "change" -> readChange(json);
            case "read" -> of(new AdminRequest.ReadMessage(json.text("id"), json.flag("content")));
            case "shape" ->
                of(new AdminRequest.CountDomains(
                        QueueName.allOf(json.texts("queues")), json.flag("senders"), json.numbers("limits")));
            case "stats" -> of(new AdminRequest.Stats());
            case "hlog" -> of(new AdminRequest.Hlog());
            default -> new Reading(null, AdminCommands.noSuchCommand(command));
        };
    }

    private static Reading of(AdminRequest request) {
        return new Reading(request, "");
    }

    private static @Nullable String textOrNull(JsonObject json, String name) {
        return json.has(name) ? json.text(name) : null;
    }

    private static Reading readChange(JsonObject json) {
        if (json.has("note")) {
            return of(new AdminRequest.Note(json.text("note")));
        }
        Change change = Change.of(json.text("change"));
        if (change == null) {
            return new Reading(null, "no such change: " + json.text("change"));
        }
        List<String> ids = json.has("ids") ? json.texts("ids") : null;
        return of(new AdminRequest.ChangeMessages(
                change, ids, json.has("queues") ? QueueName.allOf(json.texts("queues")) : null));
    }

    static String write(AdminRequest request) {
        JsonWriter json = new JsonWriter().beginObject().key("command").value(request.command());
        if (request instanceof AdminRequest.Flush flush) {
            put(json, "id", flush.id());
            put(json, "site", flush.site());
        } else if (request instanceof AdminRequest.ChangeMessages change) {
            json.key("change").value(change.change().text());
            put(json, "queues", change.queues());
            List<String> ids = change.ids();
            if (ids != null) {
                json.key("ids").beginArray();
                ids.forEach(json::value);
                json.endArray();
            }
        } else if (request instanceof AdminRequest.Note note) {
            json.key("note").value(note.text());
        } else if (request instanceof AdminRequest.ReadMessage read) {
            json.key("id").value(read.id()).key("content").value(read.withContent());
        } else if (request instanceof AdminRequest.CountDomains count) {
            put(json, "queues", count.queues());
            json.key("senders").value(count.senders()).key("limits").beginArray();
            count.ageLimitsSeconds().forEach(json::value);
            json.endArray();
        }
        return json.endObject().toString();
    }

    private static void put(JsonWriter json, String name, @Nullable String text) {
        if (text != null) {
            json.key(name).value(text);
        }
    }

    private static void put(JsonWriter json, String name, @Nullable Set<QueueName> queues) {
        if (queues != null) {
            json.key(name).beginArray();
            queues.forEach(queue -> json.value(queue.text()));
            json.endArray();
        }
    }

    static String write(AnswerRow row) {
        JsonWriter json = new JsonWriter().beginObject();
        if (row instanceof QueuedMessage message) {
            put(json, message);
        } else if (row instanceof QueuedEnvelope message) {
            put(json, message);
        } else if (row instanceof AnswerRow.Content content) {
            json.key("content").value(Base64.getEncoder().encodeToString(content.bytes()));
        } else if (row instanceof AnswerRow.MessageChanged changed) {
            json.key("id").value(changed.id());
        } else if (row instanceof AnswerRow.MessagesChanged changed) {
            json.key("count").value(changed.count());
        } else if (row instanceof AnswerRow.DomainCounts domain) {
            json.key("domain").value(domain.domain()).key("counts").beginArray();
            for (long count : domain.counts()) {
                json.value(count);
            }
            json.endArray();
        } else if (row instanceof AnswerRow.StageTimes times) {
            put(json, times.summary());
        } else if (row instanceof AnswerRow.Counted counted) {
            json.key("counter").value(counted.count().text()).key("value").value(counted.value());
        } else if (row instanceof AnswerRow.HlogLine line) {
            json.key("line").value(line.text());
        } else if (row instanceof AnswerRow.ProcessFound process) {
            json.key("pid").value(process.pid());
        } else if (row instanceof AnswerRow.Warning warning) {
            json.key("warning").value(warning.text());
        } else if (row instanceof AnswerRow.MaildropFile) {
            json.key("queue_name").value(QueueName.MAILDROP.text());
        } else {
            throw new IllegalStateException("no form for " + row);
        }
        return json.endObject().toString();
    }

    private static void put(JsonWriter json, QueuedMessage message) {
        json.key("queue_name").value(message.queue().text());
        json.key("queue_id").value(message.id());
        json.key("arrival_time").value(message.arrivalMs() / 1000);
        json.key("message_size").value(message.sizeBytes());
        json.key("forced_expire").value(message.forcedExpire());
        json.key("sender").value(message.sender());
        json.key("recipients").beginArray();
        for (QueuedRecipient recipient : message.recipients()) {
            json.beginObject().key("address").value(recipient.address());
            put(json, "orig_address", recipient.originalAddress());
            put(json, "delay_reason", recipient.delayReason());
            json.endObject();
        }
        json.endArray();
    }

    /** By the names that Postfix's queue files have for what is known. */
    private static void writeOrigin(@Nullable MessageOrigin origin, JsonWriter json) {
        if (origin != null) {
            json.key("log_ident").value(orEmpty(origin.queueId()));
            json.key("rewrite_context").value(origin.isLocal() ? "local" : "remote");
            json.key("log_client_name").value(orEmpty(origin.name()));
            json.key("log_client_address").value(orEmpty(origin.address()));
            json.key("log_client_port").value(orEmpty(origin.port()));
            json.key("log_helo_name").value(orEmpty(origin.helo()));
            json.key("log_protocol_name").value(orEmpty(origin.protocol()));
            OriginLogin login = origin.login();
            if (login != null) {
                json.key("sasl_method").value(login.method());
                json.key("sasl_username").value(login.user());
                json.key("sasl_sender").value(login.sender());
            }
        }
    }

    private static void put(JsonWriter json, QueuedEnvelope message) {
        Envelope envelope = message.stored().envelope();
        json.key("queue_name").value(message.queue().text());
        json.key("arrival_time").value(message.stored().arrivalMs() / 1000);
        json.key("create_time").value(QueueId.epochMicros(message.stored().queueId()) / 1_000_000);
        json.key("message_size").value(message.body().sizeBytes());
        json.key("eight_bit").value(envelope.eightBit());
        json.key("smtputf8").value(envelope.smtpUtf8());
        json.key("tls")
                .value(envelope.tls() == TlsDemand.NONE ? "" : envelope.tls().name());
        DsnReturn dsnReturn = envelope.dsnReturn();
        json.key("return").value(dsnReturn == DsnReturn.UNSPECIFIED ? "" : dsnReturn.name());
        json.key("envelope_id").value(orEmpty(envelope.envelopeId()));
        TraceMode trace = envelope.trace();
        json.key("trace").value(trace == TraceMode.NONE ? "" : trace.name());
        json.key("verp").value(envelope.verp() == null ? "" : envelope.verp().toString());
        json.key("content_filter").value(orEmpty(envelope.contentFilter()));
        writeOrigin(envelope.origin(), json);
        json.key("sender").value(envelope.sender().external());
        json.key("recipients").beginArray();
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            EnvelopeRecipient recipient = recipients.get(i);
            json.beginObject();
            json.key("address").value(recipient.address().external());
            json.key("original").value(orEmpty(recipient.originalRecipient()));
            json.key("given").value(orEmpty(recipient.givenAddress()));
            json.key("notify").value(recipient.notifyBits() == DsnNotify.UNSPECIFIED ? 0 : recipient.notifyBits());
            json.key("done").value(!message.waiting().contains(i));
            json.endObject();
        }
        json.endArray();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static void put(JsonWriter json, StageSummary stage) {
        json.key("stage").value(stage.stage().text());
        json.key("count").value(stage.count());
        json.key("p50_us").value(stage.p50Micros());
        json.key("p90_us").value(stage.p90Micros());
        json.key("p99_us").value(stage.p99Micros());
        json.key("p999_us").value(stage.p999Micros());
        json.key("max_us").value(stage.maxMicros());
    }

    static String writeDone() {
        return new JsonWriter()
                .beginObject()
                .key("status")
                .value("ok")
                .endObject()
                .toString();
    }

    static String writeFailure(String reason) {
        JsonWriter json = new JsonWriter().beginObject().key("status").value("error");
        return json.key("reason").value(reason).endObject().toString();
    }

    /** Why a request failed, empty when it did not, of the last line of its answer. */
    static String readFailure(String lastLine) {
        JsonObject last = JsonObject.parse(lastLine);
        return last == null ? "unreadable answer" : last.text("reason");
    }
}
