// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.engine.admin.QueuedMessage.QueuedRecipient;
import dev.stafette.engine.metrics.Count;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.metrics.StageSummary;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineCodecTest {
    /** One of each kind and of each form, with what goes over the socket. */
    private static final Map<AdminRequest, String> REQUESTS = Map.ofEntries(
            Map.entry(new AdminRequest.Status(), "{\"command\": \"status\"}"),
            Map.entry(new AdminRequest.Stop(), "{\"command\": \"stop\"}"),
            Map.entry(new AdminRequest.Abort(), "{\"command\": \"abort\"}"),
            Map.entry(new AdminRequest.Reload(), "{\"command\": \"reload\"}"),
            Map.entry(new AdminRequest.Flush(), "{\"command\": \"flush\"}"),
            Map.entry(
                    new AdminRequest.Flush("4Fx1y22bzBz1", null), "{\"command\": \"flush\", \"id\": \"4Fx1y22bzBz1\"}"),
            Map.entry(new AdminRequest.Flush(null, "a.test"), "{\"command\": \"flush\", \"site\": \"a.test\"}"),
            Map.entry(new AdminRequest.ListMessages(), "{\"command\": \"list\"}"),
            Map.entry(
                    new AdminRequest.ChangeMessages(Change.HOLD, List.of("A", "B"), null),
                    "{\"command\": \"change\", \"change\": \"hold\", \"ids\": [\"A\", \"B\"]}"),
            Map.entry(
                    new AdminRequest.ChangeMessages(Change.DELETE, null, Set.of(QueueName.DEFERRED)),
                    "{\"command\": \"change\", \"change\": \"delete\", \"queues\": [\"deferred\"]}"),
            Map.entry(
                    new AdminRequest.ChangeMessages(Change.EXPIRE, List.of(), Set.of()),
                    "{\"command\": \"change\", \"change\": \"expire\", \"queues\": [], \"ids\": []}"),
            Map.entry(new AdminRequest.Note("x"), "{\"command\": \"change\", \"note\": \"x\"}"),
            Map.entry(
                    new AdminRequest.ReadMessage("A", true),
                    "{\"command\": \"read\", \"id\": \"A\", \"content\": true}"),
            Map.entry(
                    new AdminRequest.CountDomains(Set.of(QueueName.HOLD), true, List.of(300L, 600L)),
                    "{\"command\": \"shape\", \"queues\": [\"hold\"], \"senders\": true, \"limits\": [300, 600]}"),
            Map.entry(new AdminRequest.Stats(), "{\"command\": \"stats\"}"),
            Map.entry(new AdminRequest.Hlog(), "{\"command\": \"hlog\"}"));

    @Test
    void readsAndWritesEveryRequest() {
        Set<Class<?>> kinds = new HashSet<>();
        REQUESTS.forEach((request, line) -> {
            kinds.add(request.getClass());
            assertEquals(line, LineCodec.write(request));
            assertEquals(new LineCodec.Reading(request, ""), LineCodec.readRequest(line));
        });
        assertEquals(Set.of(AdminRequest.class.getPermittedSubclasses()), kinds);
    }

    @Test
    void saysWhatIsWrongWithARequest() {
        assertFailure("no JSON object: []", "[]");
        assertFailure("no such command: explode", "{\"command\": \"explode\"}");
        assertFailure("no such command: ", "{}");
        assertFailure("no such change: lose", "{\"command\": \"change\", \"change\": \"lose\"}");
    }

    private static void assertFailure(String failure, String line) {
        LineCodec.Reading reading = LineCodec.readRequest(line);
        assertNull(reading.request());
        assertEquals(failure, reading.failure());
    }

    @Test
    void passesOverQueuesThatItDoesNotKnow() {
        assertEquals(
                new AdminRequest.ChangeMessages(Change.HOLD, null, Set.of(QueueName.ACTIVE)),
                LineCodec.readRequest(
                                "{\"command\": \"change\", \"change\": \"hold\", \"queues\": [\"flush\", \"active\"]}")
                        .request());
    }

    @Test
    void writesEveryRow() {
        Map<AnswerRow, String> rows = new LinkedHashMap<>();
        rows.put(new AnswerRow.ProcessFound(12), "{\"pid\": 12}");
        rows.put(new AnswerRow.Warning("a \"b\""), "{\"warning\": \"a \\\"b\\\"\"}");
        rows.put(new AnswerRow.MessageChanged("A"), "{\"id\": \"A\"}");
        rows.put(new AnswerRow.MessagesChanged(7), "{\"count\": 7}");
        rows.put(
                message(),
                "{\"queue_name\": \"deferred\", \"queue_id\": \"ID0\", \"arrival_time\": 1700000000,"
                        + " \"message_size\": 4096, \"forced_expire\": false, \"sender\": \"MAILER-DAEMON\","
                        + " \"recipients\": [{\"address\": \"a@b.example\"}, {\"address\": \"c@b.example\","
                        + " \"orig_address\": \"d@b.example\", \"delay_reason\": \"why\"}]}");
        rows.put(
                facts(),
                "{\"queue_name\": \"hold\", \"arrival_time\": 5, \"create_time\": 7, \"message_size\": 297,"
                        + " \"eight_bit\": false, \"smtputf8\": false, \"tls\": \"\", \"return\": \"\", \"envelope_id\": \"\","
                        + " \"trace\": \"\", \"verp\": \"\", \"content_filter\": \"\", \"sender\": \"\","
                        + " \"recipients\": [{\"address\": \"user@b.test\", \"original\": \"\", \"given\": \"\","
                        + " \"notify\": 0, \"done\": false}]}");
        rows.put(new AnswerRow.MaildropFile(), "{\"queue_name\": \"maildrop\"}");
        rows.put(new AnswerRow.Content("abc".getBytes(StandardCharsets.US_ASCII)), "{\"content\": \"YWJj\"}");
        rows.put(
                new AnswerRow.DomainCounts("a.test", new long[] {1, 2}),
                "{\"domain\": \"a.test\", \"counts\": [1, 2]}");
        rows.put(
                new AnswerRow.StageTimes(new StageSummary(Stage.MAIL, 7, 1, 2, 3, 4, 5)),
                "{\"stage\": \"mail\", \"count\": 7, \"p50_us\": 1, \"p90_us\": 2, \"p99_us\": 3,"
                        + " \"p999_us\": 4, \"max_us\": 5}");
        Count count = Count.values()[0];
        rows.put(new AnswerRow.Counted(count, 3), "{\"counter\": \"" + count.text() + "\", \"value\": 3}");
        rows.put(new AnswerRow.HlogLine("#x"), "{\"line\": \"#x\"}");
        Set<Class<?>> kinds = new HashSet<>();
        rows.forEach((row, line) -> {
            kinds.add(row.getClass());
            assertEquals(line, LineCodec.write(row));
        });
        assertEquals(Set.of(AnswerRow.class.getPermittedSubclasses()), kinds);
    }

    private static QueuedMessage message() {
        return new QueuedMessage(
                QueueName.DEFERRED,
                "ID0",
                1_700_000_000_123L,
                4096,
                false,
                "MAILER-DAEMON",
                List.of(
                        new QueuedRecipient("a@b.example", null, null),
                        new QueuedRecipient("c@b.example", "d@b.example", "why")));
    }

    private static QueuedEnvelope facts() {
        Envelope envelope =
                Envelope.of(MailAddress.NULL, List.of(new EnvelopeRecipient(MailAddress.of("user", "b.test"))));
        BodyRef body = new BodyRef(0, 1, 0, 9, 300);
        return new QueuedEnvelope(QueueName.HOLD, new StoredBody(7_000_000L << 10, 5000, envelope), body, Set.of(0));
    }

    @Test
    void saysHowItWent() {
        assertEquals("{\"status\": \"ok\"}", LineCodec.writeDone());
        assertEquals("{\"status\": \"error\", \"reason\": \"why\"}", LineCodec.writeFailure("why"));
        assertEquals("", LineCodec.readFailure(LineCodec.writeDone()));
        assertEquals("why", LineCodec.readFailure(LineCodec.writeFailure("why")));
        assertEquals("unreadable answer", LineCodec.readFailure("{\"status\": "));
    }
}
