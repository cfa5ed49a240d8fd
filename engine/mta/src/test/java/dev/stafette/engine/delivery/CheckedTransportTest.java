// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.checks.RuleTable;
import dev.stafette.engine.config.FakeHost;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedTransportTest {
    private static final String HEADER = "Subject: x\r\nX-Gone: 1\r\n\r\n";
    private static final String LINE = "a".repeat(98) + "\r\n";

    @TempDir
    private Path directory;

    private final List<DeliveryRequest> passed = new ArrayList<>();
    private final List<DeliveryReport> reports = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final RuleTable table = new RuleTable(
            "X-Gone",
            "IGNORE",
            "drop",
            "STRIP",
            "change",
            "REPLACE .changed",
            "reject",
            "REJECT",
            "mute",
            "unavailable");

    private final Transport next = new Transport() {
        @Override
        public void deliver(DeliveryRequest request) {
            passed.add(request);
        }

        @Override
        public void close() {}
    };

    private final ClientChecks.Notes log = new ClientChecks.Notes() {
        @Override
        public void onNotice(String queueId, String text) {
            notes.add(queueId + ": " + text);
        }

        @Override
        public void onWarning(String text) {
            notes.add("warning: " + text);
        }
    };

    /** In two parts of a file. {@code wire}: without the dot that ends it. */
    private static FileBody stored(String wire) {
        return FileBody.ofWire(wire).cutAt(wire.length() / 2);
    }

    private DeliveryRequest deliver(FileBody body, String... mainCf) {
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        DeliveryRequest request = new DeliveryRequest(
                "1",
                "b.test",
                envelope,
                new int[] {0},
                body,
                (of, report) -> reports.add(report),
                1,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                null,
                this);
        ContentRules rules = ContentRules.ofClient(FakeHost.settings(mainCf), spec -> table);
        new CheckedTransport(next, rules, directory, Runnable::run, log).deliver(request);
        return request;
    }

    private static String content(MessageBody body) throws IOException {
        ByteBuf all = Unpooled.buffer();
        BodyCursor cursor = new BodyCursor(body);
        while (cursor.read(all, 1 << 20)) {
            // More follows.
        }
        assertEquals(all.readableBytes() - 3, body.sizeBytes());
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void passesOnWhatDoesNotChange() throws IOException {
        FileBody body = stored("Subject: x\r\n\r\nreject\r\n");
        DeliveryRequest request = deliver(body, "smtp_header_checks = x:y", "smtp_body_checks = x:y");
        assertSame(request, passed.get(0));
        assertEquals(List.of("warning: unsupported command in smtp_body_checks map: REJECT"), notes);
    }

    @Test
    void leavesTheTextWhereItIsWhenOnlyTheHeaderChanges() throws IOException {
        FileBody body = stored(HEADER + LINE.repeat(10_000) + "");
        deliver(body, "smtp_header_checks = x:y");
        MessageBody changed = passed.get(0).body();
        assertNotSame(body, changed);
        assertSame(body.partChannel(0), changed.partChannel(1));
        assertEquals("Subject: x\r\n\r\n" + LINE.repeat(10_000) + ".\r\n", content(changed));
        changed.release();
        assertTrue(body.isReleased());
    }

    @Test
    void changesALateLineOfALargeMessage() throws IOException {
        FileBody body = stored(HEADER + LINE.repeat(20_000) + "change\r\n" + LINE.repeat(5000) + "drop it\r\n" + LINE);
        deliver(body, "smtp_header_checks = x:y", "smtp_body_checks = x:y");
        MessageBody changed = passed.get(0).body();
        String expected = "Subject: x\r\n\r\n" + LINE.repeat(20_000) + "..changed\r\n" + LINE.repeat(5001) + ".\r\n";
        assertEquals(expected, content(changed));
        assertEquals(List.of("1: replace: body change: .changed", "1: strip: body drop it"), notes);
        changed.release();
        assertTrue(body.isReleased());
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count(), "nothing is left of what was spilled");
        }
    }

    @Test
    void changesAHeaderThatHasBeenChanged() throws IOException {
        FileBody body = stored("X-Gone: 1\r\nX-Gone: 2\r\nSubject: x\r\n\r\n" + LINE);
        StoredHeader header = new StoredHeader(body);
        header.read(new BodyCursor(body));
        header.fields().remove(1);
        MessageBody once = header.changed();
        header.release();
        StoredHeader again = new StoredHeader(once);
        again.read(new BodyCursor(once));
        again.fields().remove(0);
        MessageBody twice = again.changed();
        again.release();
        assertEquals("Subject: x\r\n\r\n" + LINE + ".\r\n", content(twice));
        twice.release();
    }

    @Test
    void defersWhenATableCannotTell() throws IOException {
        FileBody body = stored("Subject: x\r\n\r\nmute\r\n");
        deliver(body, "smtp_body_checks = x:y");
        assertEquals(1, reports.size());
        assertEquals(List.of("warning: 1: smtp_body_checks lookup error"), notes);
        assertTrue(body.isReleased());
    }
}
