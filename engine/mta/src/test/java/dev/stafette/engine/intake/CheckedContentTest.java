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
import dev.stafette.engine.checks.RuleTable;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.TakenOver;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages on their way in, with tables that look into them. */
class CheckedContentTest {
    private static final String LINE = "a".repeat(98) + "\r\n";
    private static final int LARGE_BYTES = 16 << 20;
    private static final int BLOCK_BYTES = 64 << 10;

    private static final TakenOver TAKEN_OVER = new TakenOver(1024, List.of(0), TakenOver.Warning.NONE);

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final IntakeLoop loop = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, 8 << 20);
    private final RuleTable table = new RuleTable(
            "Subject: reject", "REJECT no",
            "Subject: redirect", "REDIRECT r@d.test",
            "Subject: filter", "FILTER smtp:[f.test]",
            "Subject: bcc", "BCC c@d.test",
            "Subject: hold", "HOLD",
            "Subject: discard", "DISCARD",
            "Received:", "REPLACE Received: hidden",
            "reject", "REJECT 4.7.1 later",
            "change", "REPLACE changed \u00e9",
            "drop", "IGNORE");

    private boolean ended;
    private SmtpReply refusal;
    private int rooms;

    private final IntakeListener session = new IntakeListener() {
        @Override
        public void onRoom() {
            rooms++;
        }

        @Override
        public void onEnd(SmtpReply why) {
            ended = true;
            refusal = why;
        }
    };

    @AfterEach
    void releasesEverything() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        log.close();
        assertEquals(0, loop.bodyBytes());
        assertEquals(0, allocator.metric().usedDirectMemory());
    }

    private MessageIntake open(Entrance entrance, String... mainCf) {
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        Arrival arrival = new Arrival(
                entrance, 1024, "1024", 0, 0, envelope, ReceivedHeader.ofHost("mx.b.test", "Stafette"), false);
        IntakeSettings settings = IntakeSettings.of(FakeHost.settings(mainCf), spec -> table, false);
        return new MessageIntake(loop, settings, arrival, session, log.log());
    }

    private MessageIntake open() {
        return open(Entrance.SMTP, "header_checks = x:y", "body_checks = x:y");
    }

    private static void write(MessageIntake message, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        message.room(bytes.length).writeBytes(bytes);
    }

    private KeptQueue.Kept kept(MessageIntake message, String text) {
        write(message, text + ".\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertTrue(ended);
        assertNull(refusal);
        return queue.messages().get(0);
    }

    @Test
    void refusesForAField() {
        MessageIntake message = open();
        write(message, "Subject: reject\r\n\r\nx\r\n.\r\n");
        message.end(0);
        assertEquals("550 5.7.1 no", refusal.logText());
        assertTrue(message.isContentRejected());
        assertTrue(log.lines()
                .contains("cleanup: 1024: reject: header Subject: reject from local; from=<a@a.test>"
                        + " to=<u@b.test>: 5.7.1 no"));
    }

    @Test
    void obeysWhatIsToBeDoneWithAMessage() {
        KeptQueue.Kept kept = kept(open(), "Subject: filter\r\nSubject: bcc\r\nSubject: hold\r\n\r\nx\r\n");
        assertEquals("smtp:[f.test]", kept.envelope().contentFilter());
        assertEquals(2, kept.envelope().recipients().size());
        assertEquals(BodyRef.HELD, kept.bodyFlags() & BodyRef.HELD);
    }

    @Test
    void redirectsAndLooksNoFurther() {
        KeptQueue.Kept kept = kept(open(), "Subject: redirect\r\nSubject: reject\r\n\r\nreject\r\n");
        assertEquals(
                MailAddress.of("r", "d.test"),
                kept.envelope().recipients().get(0).address());
    }

    @Test
    void discardsAndTellsNobody() {
        MessageIntake message = open();
        write(message, "Subject: discard\r\n\r\nreject\r\n.\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertTrue(ended);
        assertNull(refusal);
        assertEquals(List.of(), queue.messages());
    }

    private MessageIntake openTakingOver() {
        Envelope envelope =
                Envelope.of(MailAddress.NULL, List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        Arrival arrival = Arrival.ofReport(2048, "2048", 0, 0, envelope, TAKEN_OVER);
        IntakeSettings settings = IntakeSettings.of(FakeHost.settings("header_checks = x:y"), spec -> table, false);
        return new MessageIntake(loop, settings, arrival, session, log.log());
    }

    @Test
    void discardsAReportAndTellsOfItWhenTheJournalHasWhatItSettles() {
        queue.holds = true;
        MessageIntake message = openTakingOver();
        write(message, "Subject: discard\r\n\r\n.\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertEquals(List.of(TAKEN_OVER), queue.discarded);
        assertFalse(ended);
        queue.commit();
        channel.runPendingTasks();
        assertTrue(ended);
        assertNull(refusal);
        assertEquals(List.of(), queue.messages());
    }

    @Test
    void refusesAReportThatIsDiscardedWhereTheJournalCannotHaveIt() {
        queue.isFull = true;
        MessageIntake message = openTakingOver();
        write(message, "Subject: discard\r\n\r\n.\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertTrue(ended);
        assertEquals(452, refusal.code());
    }

    @Test
    void seesTheFieldThatWePutThere() {
        KeptQueue.Kept kept = kept(open(), "Subject: x\r\n\r\nx\r\n");
        assertEquals("Received: hidden\r\nSubject: x\r\n\r\nx\r\n.\r\n", kept.content());
        assertEquals(1, kept.extentCount());
    }

    @Test
    void changesTheTextOfASmallMessage() {
        KeptQueue.Kept kept = kept(open(), "Subject: x\r\n\r\nfirst\r\ndrop\r\nchange\r\n");
        assertEquals("Received: hidden\r\nSubject: x\r\n\r\nfirst\r\nchanged \u00c3\u00a9\r\n.\r\n", kept.content());
        assertEquals(BodyRef.EIGHT_BIT, kept.bodyFlags() & BodyRef.EIGHT_BIT);
    }

    @Test
    void changesAFewLinesOfALargeMessageInBoundedMemory() {
        MessageIntake message = open(Entrance.SMTP, "body_checks = x:y", "body_checks_size_limit = 0");
        write(message, "Subject: x\r\n\r\n");
        String block = LINE.repeat(BLOCK_BYTES / LINE.length()) + "drop\r\n";
        long most = 0;
        int blocks = LARGE_BYTES / BLOCK_BYTES;
        for (int i = 0; i < blocks; i++) {
            write(message, block);
            message.onWritten();
            channel.runPendingTasks();
            most = Math.max(most, loop.bodyBytes());
        }
        write(message, ".\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertNull(refusal);
        KeptQueue.Kept kept = queue.messages().get(0);
        long lines = (long) (BLOCK_BYTES / LINE.length()) * blocks;
        assertEquals(
                lines * LINE.length() + "Subject: x\r\n\r\n".length(),
                kept.body().length());
        assertFalse(kept.content().contains("drop"));
        assertTrue(most < 2 << 20, () -> "memory");
    }

    @Test
    void refusesALargeMessageForALateLine() {
        MessageIntake message = open();
        write(message, "Subject: x\r\n\r\n" + LINE.repeat(300) + "reject\r\n" + LINE.repeat(4000));
        message.onWritten();
        assertTrue(message.isRefused());
        message.end(0);
        assertEquals("451 4.7.1 later", refusal.logText());
        assertEquals(0, queue.unfinished().size());
    }

    @Test
    void waitsForASlowTableAndTakesNoMoreContent() {
        table.slow();
        MessageIntake message = open();
        write(message, "Subject: x\r\n\r\nchange\r\n" + LINE.repeat(3000));
        message.onWritten();
        assertTrue(message.isStalled());
        int asked = 0;
        while (message.isStalled() && asked < 10_000) {
            table.questions.remove().run();
            channel.runPendingTasks();
            asked++;
        }
        assertTrue(asked > 500, () -> "lines up to body_checks_size_limit");
        assertEquals(1, rooms);
        write(message, "drop\r\n.\r\n");
        message.end(0);
        while (!table.questions.isEmpty()) {
            table.questions.remove().run();
            channel.runPendingTasks();
        }
        channel.runPendingTasks();
        assertTrue(ended);
        assertTrue(queue.messages().get(0).content().contains("\r\n\r\nchanged "));
    }

    @Test
    void waitsForASlowTableAtTheEnd() {
        table.slow();
        MessageIntake message = open();
        write(message, "Subject: x\r\n\r\nreject\r\n.\r\n");
        message.end(0);
        assertFalse(ended);
        while (!table.questions.isEmpty()) {
            table.questions.remove().run();
            channel.runPendingTasks();
        }
        assertEquals("451 4.7.1 later", refusal.logText());
    }

    @Test
    void forgetsAMessageWhoseClientHasGoneWhileATableIsAsked() {
        table.slow();
        MessageIntake message = open();
        write(message, "Subject: x\r\n\r\n" + LINE.repeat(3000));
        message.onWritten();
        message.abandon();
        table.questions.remove().run();
        channel.runPendingTasks();
        assertEquals(1, table.asked.size());
    }

    @Test
    void leavesProbesAlone() {
        MessageIntake message = open(Entrance.PROBE, "header_checks = x:y");
        write(message, "Subject: reject\r\n\r\nx\r\n.\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertNull(refusal);
        assertEquals(List.of(), table.asked);
    }
}
