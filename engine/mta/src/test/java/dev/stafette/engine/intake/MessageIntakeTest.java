// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageIntakeTest {
    private static final String HEADER = "Subject: x\r\n\r\n";
    private static final int MEMORY_BYTES = 3 << 20;

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final IntakeLoop loop = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, MEMORY_BYTES);
    private long nextId = 1L << 60;

    /** Whoever brings the message; remembers what it was told. */
    private static final class Session implements IntakeListener {
        private final List<SmtpReply> ends = new ArrayList<>();
        private int roomCount;
        private boolean accepted;

        @Override
        public void onRoom() {
            roomCount++;
        }

        @Override
        public void onEnd(SmtpReply refusal) {
            if (refusal == null) {
                assertFalse(accepted);
                accepted = true;
            } else {
                ends.add(refusal);
            }
        }
    }

    private MessageIntake open(Session session, boolean addsMissingHeaders) {
        nextId += 1024;
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        Arrival arrival = new Arrival(
                Entrance.SMTP,
                nextId,
                QueueId.format(nextId),
                0,
                0,
                envelope,
                ReceivedHeader.ofClient("c.test", "unknown", "192.0.2.7", List.of(), "mx.b.test", "Stafette", "ESMTP"),
                addsMissingHeaders);
        return new MessageIntake(loop, new IntakeSettings("mx.b.test", 50, 102_400), arrival, session, log.log());
    }

    private static void write(MessageIntake message, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        message.room(bytes.length).writeBytes(bytes);
    }

    private static void writePart(MessageIntake message, String text) {
        write(message, text);
        message.onWritten();
    }

    private static String lines(int bytes, char of) {
        return (String.valueOf(of).repeat(62) + "\r\n").repeat(bytes / 64);
    }

    @AfterEach
    void releasesEverything() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        log.close();
        assertEquals(0, loop.bodyBytes());
        assertEquals(0, allocator.metric().usedDirectMemory());
    }

    @Test
    void sendsASmallMessageInOnePiece() {
        Session session = new Session();
        MessageIntake message = open(session, false);
        write(message, HEADER + "hi\r\n.\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertTrue(session.accepted);
        KeptQueue.Kept kept = queue.messages().get(0);
        assertEquals(1, kept.extentCount());
        assertEquals(
                "Received: from c.test (unknown [192.0.2.7])\r\n\tby mx.b.test (Stafette) with ESMTP id "
                        + QueueId.format(kept.queueId())
                        + "\r\n\tfor <u@b.test>; Thu,  1 Jan 1970 00:00:00 +0000 (UTC)\r\n"
                        + HEADER + "hi\r\n.\r\n",
                kept.content());
    }

    @Test
    void sendsALargeMessageWhileItArrives() {
        Session session = new Session();
        MessageIntake message = open(session, false);
        StringBuilder sent = new StringBuilder(HEADER);
        write(message, HEADER);
        for (int i = 0; i < 20; i++) {
            String part = lines(50 << 10, (char) ('a' + i));
            sent.append(part);
            writePart(message, part);
            channel.runPendingTasks();
        }
        assertEquals(1, queue.unfinished().size());
        write(message, ".\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertTrue(session.accepted);
        KeptQueue.Kept kept = queue.messages().get(0);
        // The header by itself, four chunks.
        assertEquals(5, kept.extentCount());
        assertEquals(sent.toString(), kept.body());
        assertTrue(kept.content().startsWith("Received: "));
    }

    @Test
    void waitsForTheDiskWhenTwoChunksAreUnderWay() {
        queue.holds = true;
        Session session = new Session();
        MessageIntake message = open(session, false);
        writePart(message, lines(MessageIntake.CHUNK_BYTES, 'a'));
        assertFalse(message.isStalled());
        writePart(message, lines(MessageIntake.CHUNK_BYTES, 'b'));
        assertTrue(message.isStalled());
        queue.commit();
        channel.runPendingTasks();
        assertFalse(message.isStalled());
        assertEquals(1, session.roomCount);
        message.abandon();
        assertEquals(List.of(message.arrival().queueId()), queue.abandoned());
    }

    @Test
    void sendsTheMessageOnlyWhenItsChunksAreOnDisk() {
        queue.holds = true;
        Session session = new Session();
        MessageIntake message = open(session, false);
        writePart(message, lines(MessageIntake.CHUNK_BYTES, 'a'));
        write(message, "end\r\n.\r\n");
        message.end(0);
        assertEquals(0, queue.messages().size());
        queue.commit();
        channel.runPendingTasks();
        assertEquals(1, queue.messages().size());
        assertFalse(session.accepted);
        queue.commit();
        channel.runPendingTasks();
        assertTrue(session.accepted);
    }

    @Test
    void refusesAMessageOfWhichAChunkFailed() {
        for (boolean ended : new boolean[] {false, true}) {
            Session session = new Session();
            queue.holds = true;
            MessageIntake message = open(session, false);
            writePart(message, lines(MessageIntake.CHUNK_BYTES, 'a'));
            if (ended) {
                write(message, ".\r\n");
                message.end(0);
            }
            queue.result = CommitResult.FAILED;
            queue.commit();
            channel.runPendingTasks();
            queue.result = CommitResult.DURABLE;
            if (!ended) {
                assertTrue(message.isRefused());
                assertSame(SmtpPhrasebook.WRITE_ERROR, message.refusal());
                message.end(0);
            }
            assertEquals(List.of(SmtpPhrasebook.WRITE_ERROR), session.ends);
            assertFalse(session.accepted);
            assertEquals(List.of(), queue.messages());
            assertTrue(queue.abandoned().contains(message.arrival().queueId()));
        }
    }

    @Test
    void refusesWhenTheInboxIsFull() {
        queue.isFull = true;
        Session session = new Session();
        MessageIntake large = open(session, false);
        writePart(large, lines(MessageIntake.CHUNK_BYTES, 'a'));
        assertSame(SmtpPhrasebook.NO_SPACE, large.refusal());
        large.end(0);
        MessageIntake small = open(session, false);
        write(small, ".\r\n");
        small.end(0);
        assertEquals(List.of(SmtpPhrasebook.NO_SPACE, SmtpPhrasebook.NO_SPACE), session.ends);
    }

    @Test
    void looksAtTheHeaderWhenTheFirstChunkLeaves() {
        Session session = new Session();
        MessageIntake message = open(session, false);
        write(message, "Received: x\r\n".repeat(50) + "\r\n");
        writePart(message, lines(MessageIntake.CHUNK_BYTES, 'a'));
        assertSame(SmtpPhrasebook.TOO_MANY_HOPS, message.refusal());
        message.end(0);
        assertEquals(List.of(SmtpPhrasebook.TOO_MANY_HOPS), session.ends);
        assertEquals(List.of(), queue.abandoned());
    }

    @Test
    void keepsAMessageThatIsCompleteWhenItsSessionEnds() {
        queue.holds = true;
        Session session = new Session();
        MessageIntake message = open(session, false);
        writePart(message, lines(MessageIntake.CHUNK_BYTES, 'a'));
        write(message, ".\r\n");
        message.end(0);
        message.abandon();
        queue.commit();
        channel.runPendingTasks();
        assertEquals(1, queue.messages().size());
        queue.commit();
    }

    /** A hundred slow clients have sent half a chunk each: more than there is memory for. */
    @Test
    void sendsHalfAChunkWhenMemoryIsShort() {
        queue.holds = true;
        List<MessageIntake> messages = new ArrayList<>();
        int stalled = 0;
        for (int i = 0; i < 100; i++) {
            Session session = new Session();
            MessageIntake message = open(session, false);
            messages.add(message);
            writePart(message, lines(MessageIntake.CHUNK_BYTES / 2, 'a'));
            stalled += message.isStalled() ? 1 : 0;
            if (message.isStalled()) {
                assertTrue(queue.unfinished().size() > 0);
                queue.commit();
                channel.runPendingTasks();
                assertFalse(message.isStalled());
                assertEquals(1, session.roomCount);
            }
            assertTrue(loop.bodyBytes() <= MEMORY_BYTES + 2 * MessageIntake.CHUNK_BYTES, loop.bodyBytes() + " bytes");
        }
        assertTrue(stalled > 0);
        queue.holds = false;
        queue.commit();
        messages.forEach(message -> {
            write(message, ".\r\n");
            message.end(0);
        });
        channel.runPendingTasks();
        assertEquals(100, queue.messages().size());
        queue.messages()
                .forEach(kept -> assertEquals(
                        lines(MessageIntake.CHUNK_BYTES / 2, 'a'), kept.body().substring(2)));
    }

    @Test
    void offersAnAbandonedMessageAgainUntilTheInboxTakesIt() {
        Session session = new Session();
        MessageIntake message = open(session, false);
        writePart(message, lines(MessageIntake.CHUNK_BYTES, 'a'));
        channel.runPendingTasks();
        queue.refusesAbandoned = true;
        channel.freezeTime();
        message.abandon();
        assertEquals(List.of(), queue.abandoned());
        queue.refusesAbandoned = false;
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertEquals(List.of(message.arrival().queueId()), queue.abandoned());
        assertNull(message.refusal());
    }

    @Test
    void logsTheMessageIdThatItAdds() {
        Session session = new Session();
        MessageIntake message = open(session, true);
        write(message, HEADER + ".\r\n");
        message.end(0);
        channel.runPendingTasks();
        String id = "<19700101000000." + message.arrival().queueIdText() + "@mx.b.test>";
        assertTrue(queue.messages().get(0).body().contains("\r\nMessage-Id: " + id + "\r\n"));
        assertEquals(List.of("cleanup: " + message.arrival().queueIdText() + ": message-id=" + id), log.lines());
    }

    @Test
    void logsTheMessageIdsOfAMessageThatWasResent() {
        Session session = new Session();
        MessageIntake message = open(session, true);
        write(message, "Resent-From: a@a.test\r\n" + HEADER + ".\r\n");
        message.end(0);
        channel.runPendingTasks();
        String queueId = message.arrival().queueIdText();
        String id = "<19700101000000." + queueId + "@mx.b.test>";
        String body = queue.messages().get(0).body();
        assertTrue(body.contains("\r\nResent-Message-Id: " + id + "\r\n"), body);
        assertFalse(body.contains("\r\nMessage-Id:"), body);
        assertEquals(
                List.of("cleanup: " + queueId + ": resent-message-id=" + id, "cleanup: " + queueId + ": message-id=<>"),
                log.lines());
    }
}
