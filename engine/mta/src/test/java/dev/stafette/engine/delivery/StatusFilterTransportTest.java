// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.discard.DiscardTransport;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.OpenTables;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusFilterTransportTest {
    private final List<String> warnings = new ArrayList<>();

    private static OpenTables tables() {
        return new OpenTables(TestTables.realTimeHost());
    }

    private Transport around(Transport inner, String command, String... mainCf) {
        Settings settings = FakeHost.settings(mainCf);
        return StatusFilterTransport.around(inner, command, settings, tables(), Runnable::run, warnings::add);
    }

    private static DeliveryOutcome outcome(Kind kind, String status, String text) {
        EnhancedStatus parsed = EnhancedStatus.parsePrefix(status);
        if (parsed == null) {
            throw new IllegalArgumentException(status);
        }
        return new DeliveryOutcome(kind, Scope.RECIPIENT, parsed, text, "mx[192.0.2.1]:25", 3, "mx", text);
    }

    private record Answering(DeliveryOutcome outcome) implements Transport {
        @Override
        public void deliver(DeliveryRequest request) {
            request.listener()
                    .onAttempted(request, new DeliveryReport(new DeliveryOutcome[] {outcome}, "site", "mx", 1, 2, 3));
        }

        @Override
        public void close() {}
    }

    private String filtered(DeliveryOutcome given, String... mainCf) {
        List<DeliveryReport> reports = new ArrayList<>();
        Transport transport = around(new Answering(given), "virtual", mainCf);
        transport.deliver(new DeliveryRequest(
                "ID",
                "b.test",
                Envelope.of(MailAddress.NULL, List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test")))),
                new int[] {0},
                FileBody.of(""),
                (request, report) -> reports.add(report),
                1,
                "",
                "",
                null,
                "mine"));
        assertEquals(1, reports.size());
        assertEquals("site", reports.get(0).siteFailure());
        DeliveryOutcome one = reports.get(0).outcomes()[0];
        assertEquals(3, one.connectionUseCount());
        return one.kind() + " " + one.status() + " " + one.text();
    }

    @Test
    void turnsFailuresIntoFailuresForNowAndBack() {
        String maps = "virtual_delivery_status_filter = inline:{ {5.2.2 mailbox full = 4.2.2 later},"
                + " {4.0.0 never = 5.3.0 never again} }";
        assertEquals("DEFERRED 4.2.2 later", filtered(outcome(Kind.BOUNCED, "5.2.2", "mailbox full"), maps));
        assertEquals("BOUNCED 5.3.0 never again", filtered(outcome(Kind.DEFERRED, "4.0.0", "never"), maps));
        assertEquals("BOUNCED 5.2.2 else", filtered(outcome(Kind.BOUNCED, "5.2.2", "else"), maps));
        assertEquals(List.of(), warnings);
    }

    @Test
    void leavesAnOutcomeAloneWhereTheTableMakesNoSenseOfIt() {
        DeliveryOutcome sent = outcome(Kind.DELIVERED, "2.0.0", "250 ok");
        assertEquals("DELIVERED 2.0.0 250 ok", filtered(sent, "default_delivery_status_filter = static:{5.1.1 foo}"));
        assertEquals("DELIVERED 2.9.9 fine", filtered(sent, "default_delivery_status_filter = static:{2.9.9 fine}"));
        assertEquals(
                "BOUNCED 5.1.1 no",
                filtered(outcome(Kind.BOUNCED, "5.1.1", "no"), "virtual_delivery_status_filter = static:{just words}"));
        assertEquals(
                List.of(
                        "virtual_delivery_status_filter: bad status code: 5.1.1 foo",
                        "virtual_delivery_status_filter: bad status code: just words"),
                warnings);
    }

    @Test
    void isNotThereWithoutATableNorForRowsThatHaveNone() {
        DiscardTransport inner = new DiscardTransport();
        assertSame(inner, around(inner, "smtp"));
        assertSame(inner, around(inner, "discard", "default_delivery_status_filter = static:4.0.0"));
    }
}
