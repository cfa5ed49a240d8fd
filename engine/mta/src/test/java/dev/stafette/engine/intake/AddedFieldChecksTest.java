// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.checks.NewField;
import dev.stafette.engine.checks.RuleTable;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.log.MessageClient;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fields that milters add, with tables that look at them; what they mean beside Postfix is compared in MilterComparisonIT. */
class AddedFieldChecksTest {
    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final IntakeLoop loop = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, 8 << 20);
    private final RuleTable table = new RuleTable(
            "X-Unknown:", "unavailable",
            "X-Empty:", "",
            "X-Drop:", "IGNORE",
            "X-Hold:", "HOLD",
            "X-Else:", "REDIRECT r@d.test",
            "X-Copy:", "BCC c@d.test",
            "X-By:", "FILTER smtp:[f.test]",
            "X-Old:", "REPLACE X-New : \u00e9");

    private boolean ended;
    private SmtpReply refusal;
    private int endsOfMilters;

    @AfterEach
    void releasesEverything() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        log.close();
        assertEquals(0, allocator.metric().usedDirectMemory());
    }

    /** A milter that adds these fields. */
    private IntakeStep adding(String... names) {
        return TestSteps.doing(message -> {
            AddedFieldChecks checks = Objects.requireNonNull(
                    AddedFieldChecks.of(message, new MessageClient("c.test[192.0.2.1]", "ESMTP", "c.test")));
            List<NewField> fields = new ArrayList<>();
            for (String name : names) {
                fields.add(new NewField(
                        name.getBytes(StandardCharsets.ISO_8859_1), true, "v".getBytes(StandardCharsets.ISO_8859_1)));
            }
            EnvelopeChanges envelope = new EnvelopeChanges();
            return checks.judge(message, fields, new AddedFieldChecks.Rest() {
                @Override
                public StepOutcome run(MessageDraft taken, List<@Nullable NewField> judged) {
                    checks.obey(taken, envelope);
                    for (NewField field : judged) {
                        if (field != null) {
                            field.write(taken.header());
                            taken.header().putLast();
                        }
                    }
                    return envelope.apply(taken);
                }

                @Override
                public void onEnd(@Nullable SmtpReply why) {
                    endsOfMilters++;
                }
            });
        });
    }

    private MessageIntake send(String... names) {
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        Arrival arrival = new Arrival(
                Entrance.SMTP, 1024, "1024", 0, 0, envelope, ReceivedHeader.ofHost("mx.b.test", "Stafette"), false);
        IntakeSettings settings = IntakeSettings.of(
                        FakeHost.settings("milter_header_checks = x:y"), spec -> table, false)
                .inspectedBy(adding(names));
        MessageIntake message = new MessageIntake(
                loop,
                settings,
                arrival,
                new IntakeListener() {
                    @Override
                    public void onRoom() {}

                    @Override
                    public void onEnd(SmtpReply why) {
                        ended = true;
                        refusal = why;
                    }
                },
                log.log());
        byte[] content = "Subject: x\r\n\r\nx\r\n.\r\n".getBytes(StandardCharsets.ISO_8859_1);
        message.room(content.length).writeBytes(content);
        message.end(0);
        channel.runPendingTasks();
        return message;
    }

    private KeptQueue.Kept kept() {
        assertTrue(ended);
        assertNull(refusal);
        return queue.messages().get(0);
    }

    @Test
    void obeysWhatTablesSayOfFieldsAndOfTheMessage() {
        send("X-Drop", "X-Old", "X-Other", "X-Copy", "X-Hold", "X-By");
        assertTrue(
                kept().content().contains("Subject: x\r\nX-New: \u00c3\u00a9\r\nX-Other: v\r\nX-Copy: v\r\n"),
                kept().content());
        assertEquals(
                List.of("u@b.test", "c@d.test"),
                kept().envelope().recipients().stream()
                        .map(one -> one.address().external())
                        .toList());
        assertEquals(BodyRef.HELD | BodyRef.EIGHT_BIT, kept().bodyFlags() & (BodyRef.HELD | BodyRef.EIGHT_BIT));
        assertEquals("smtp:[f.test]", kept().envelope().contentFilter());
        assertTrue(log.lines()
                .contains("cleanup: 1024: milter-header-hold: header X-Hold: v from c.test[192.0.2.1];"
                        + " from=<a@a.test> to=<u@b.test> proto=ESMTP helo=<c.test>: "));
    }

    @Test
    void redirectsWhateverElseIsAdded() {
        send("X-Copy", "X-Else", "X-Hold");
        assertEquals("r@d.test", kept().envelope().recipients().get(0).address().external());
        // REDIRECT ends the checks.
        assertEquals(0, kept().bodyFlags() & BodyRef.HELD);
    }

    @Test
    void waitsForSlowTables() {
        table.slow();
        send("X-Drop", "X-Other", "X-Else");
        while (!table.questions.isEmpty()) {
            assertFalse(ended);
            table.questions.remove().run();
            channel.runPendingTasks();
        }
        assertTrue(kept().content().contains("Subject: x\r\nX-Other: v\r\nX-Else: v\r\n"));
        assertEquals("r@d.test", kept().envelope().recipients().get(0).address().external());
    }

    @Test
    void refusesForNowWhereATableCannotTell() {
        for (String name : List.of("X-Unknown", "X-Empty")) {
            send("X-Drop", name, "X-Other");
            assertEquals(451, refusal.code());
        }
        assertEquals(2, endsOfMilters);
        assertTrue(log.lines()
                .contains("cleanup: warning: 1024: milter_header_checks map lookup problem"
                        + " -- message not accepted, try again later"));
    }

    @Test
    void tellsTheMilterWhenItsMessageGoesWhileATableIsAsked() {
        table.slow();
        send("X-Other").abandon();
        table.questions.remove().run();
        channel.runPendingTasks();
        assertEquals(1, endsOfMilters);
        assertEquals(0, queue.messages().size());
    }
}
