// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.storage.CommitResult;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What steps can do to messages, small and large, and how long they may take. */
class IntakeStepsTest {
    private static final String SLOW = "X-Slow: yes\r\n";
    private static final String LARGE = ("x".repeat(62) + "\r\n").repeat(10_000);
    private static final int MEMORY_BYTES = 3 << 20;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    /** Counted by the tests themselves: what notes each access takes its time. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    private final IntakeLoop loop = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, MEMORY_BYTES);
    private final TestSteps.Slow slow = new TestSteps.Slow(DEADLINE);
    private long nextId = 1L << 60;

    /** Whoever brings the message; remembers what it was told. */
    private static final class Session implements IntakeListener {
        private final List<String> ends = new ArrayList<>();

        @Override
        public void onRoom() {}

        @Override
        public void onEnd(SmtpReply refusal) {
            ends.add(refusal == null ? "queued" : refusal.toString());
        }
    }

    private MessageIntake open(Session session, IntakeStep... added) {
        channel.freezeTime();
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
                ReceivedHeader.ofUser(0, "mx.b.test", "Stafette"),
                false);
        return new MessageIntake(loop, TestSteps.settings(added), arrival, session, log.log());
    }

    private void write(MessageIntake message, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += 50_000) {
            int length = Math.min(50_000, bytes.length - at);
            message.room(length).writeBytes(bytes, at, length);
            if (at + length < bytes.length) {
                message.onWritten();
                channel.runPendingTasks();
            }
        }
    }

    private MessageIntake send(Session session, String text, IntakeStep... added) {
        MessageIntake message = open(session, added);
        write(message, text);
        message.end(0);
        channel.runPendingTasks();
        return message;
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }

    private KeptQueue.Kept onlyMessage() {
        assertEquals(1, queue.messages().size());
        return queue.messages().get(0);
    }

    @AfterEach
    void releasesEverything() {
        queue.holds = false;
        queue.commit();
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        log.close();
        assertEquals(0, loop.bodyBytes());
        assertEquals(0, allocator.metric().usedDirectMemory());
    }

    // What they can do. ----------------------------------------------------------------------------------------------

    @Test
    void changesTheHeaderOfASmallMessageInItsOneExtent() {
        Session session = new Session();
        IntakeStep step = TestSteps.doing(message -> {
            message.header().append("X-Last", "1");
            message.header().replace(message.header().find("Subject", 0), "Subject", "changed");
            message.header().prepend("X-First", "2");
            return StepOutcome.DONE;
        });
        send(session, "From: a\r\nSubject: x\r\nTo: b\r\n\r\nhi\r\n.\r\n", step);
        KeptQueue.Kept kept = onlyMessage();
        assertEquals(1, kept.extentCount());
        assertTrue(kept.content().startsWith("X-First: 2\r\nReceived: "));
        assertTrue(kept.content().endsWith("\r\nFrom: a\r\nSubject: changed\r\nTo: b\r\nX-Last: 1\r\n\r\nhi\r\n.\r\n"));
        assertEquals(List.of("queued"), session.ends);
    }

    @Test
    void changesTheHeaderOfALargeMessageWhoseBodyIsOnTheDiskAlready() {
        Session session = new Session();
        List<Integer> onDisk = new ArrayList<>();
        IntakeStep step = TestSteps.doing(message -> {
            onDisk.add(queue.unfinished().get(message.arrival().queueId()).size());
            message.header().remove(message.header().find("Subject", 0));
            message.header().append("X-Last", "1");
            return StepOutcome.DONE;
        });
        send(session, "Subject: x\r\nTo: b\r\n\r\n" + LARGE + ".\r\n", step);
        assertEquals(List.of(2), onDisk);
        assertEquals("To: b\r\nX-Last: 1\r\n\r\n" + LARGE, onlyMessage().body());
        assertEquals(4, onlyMessage().extentCount());
    }

    @Test
    void readsTheContentAsItComes() throws Exception {
        for (String body : List.of("", "..hi\r\n", LARGE, LARGE + "..\r\n" + LARGE)) {
            Session session = new Session();
            send(session, "Subject: x\r\n\r\n" + body + ".\r\n", TestSteps.hashing());
            KeptQueue.Kept kept = queue.messages().get(queue.messages().size() - 1);
            byte[] text =
                    body.replace("\r\n..", "\r\n.").replaceFirst("^\\.\\.", ".").getBytes(StandardCharsets.ISO_8859_1);
            String hash = HexFormat.of().formatHex(TestSteps.sha256().digest(text));
            assertTrue(kept.content().startsWith(TestSteps.HASH_FIELD + ": " + hash + "\r\nReceived: "));
            assertTrue(kept.content().endsWith("Subject: x\r\n\r\n" + body + ".\r\n"));
        }
    }

    @Test
    void changesTheEnvelope() {
        Envelope other = Envelope.of(
                MailAddress.of("c", "c.test"),
                List.of(
                        new EnvelopeRecipient(MailAddress.of("v", "b.test")),
                        new EnvelopeRecipient(MailAddress.of("w", "b.test"))));
        for (String body : List.of("", LARGE)) {
            Session session = new Session();
            send(session, "\r\n" + body + ".\r\n", TestSteps.doing(message -> {
                message.setEnvelope(other);
                return StepOutcome.DONE;
            }));
            assertEquals(List.of("queued"), session.ends);
            assertEquals(
                    other, queue.messages().get(queue.messages().size() - 1).envelope());
        }
    }

    @Test
    void takesNoMessageThatIsForNobodyAnyMore() {
        Session session = new Session();
        send(session, "\r\n" + LARGE + ".\r\n", TestSteps.doing(message -> {
            message.setEnvelope(Envelope.of(MailAddress.NULL, List.of()));
            return StepOutcome.DONE;
        }));
        assertEquals(List.of(SmtpPhrasebook.NO_RECIPIENTS.toString()), session.ends);
        assertEquals(1, queue.abandoned().size());
    }

    @Test
    void refusesAMessageOfWhichAllIsOnTheDisk() {
        SmtpReply why = SmtpReply.of(550, "no");
        Session session = new Session();
        List<String> run = new ArrayList<>();
        send(
                session,
                "\r\n" + LARGE + ".\r\n",
                TestSteps.doing(message -> StepOutcome.refuse(why)),
                TestSteps.doing(message -> {
                    run.add("next");
                    return StepOutcome.DONE;
                }));
        assertEquals(List.of(why.toString()), session.ends);
        assertEquals(List.of(), run);
        assertEquals(List.of(), queue.messages());
        assertEquals(1, queue.abandoned().size());
    }

    @Test
    void tellsWhatNewFieldsAskOfAServer() {
        send(new Session(), "\r\nx\r\n.\r\n", TestSteps.doing(message -> {
            message.header().append("X", "y".repeat(2000));
            message.header().append("X", "\u00fc");
            return StepOutcome.DONE;
        }));
        assertEquals(BodyRef.LONG_LINES | BodyRef.EIGHT_BIT, onlyMessage().bodyFlags());
    }

    @Test
    void changesNothingInAReport() {
        Session session = new Session();
        Envelope envelope =
                Envelope.of(MailAddress.NULL, List.of(new EnvelopeRecipient(MailAddress.of("a", "a.test"))));
        Arrival arrival = new Arrival(Entrance.REPORT, 5, "5", 0, 0, envelope, null, false);
        MessageIntake report = new MessageIntake(loop, TestSteps.settings(), arrival, session, log.log());
        write(report, "Received: x\r\n".repeat(60) + "Bcc: y\r\n\r\n.\r\n");
        report.end(0);
        channel.runPendingTasks();
        assertEquals(
                "Received: x\r\n".repeat(60) + "Bcc: y\r\n\r\n.\r\n",
                onlyMessage().content());
        assertEquals(List.of("cleanup: 5: message-id=<>"), log.lines());
    }

    // How long they may take. ----------------------------------------------------------------------------------------

    @Test
    void waitsForAStepAndHoldsUpNobodyElse() {
        Session waits = new Session();
        send(waits, SLOW + "\r\n.\r\n", slow);
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pass(Duration.ofMillis(100));
            Session other = new Session();
            send(other, "X: y\r\n\r\n.\r\n", slow);
            order.addAll(other.ends);
        }
        assertEquals(20, order.size());
        assertEquals(List.of(), waits.ends);
        slow.answer(message -> {
            message.header().prepend("X-Answer", "late");
            return StepOutcome.DONE;
        });
        channel.runPendingTasks();
        assertEquals(List.of("queued"), waits.ends);
        assertTrue(queue.messages().get(20).content().startsWith("X-Answer: late\r\nReceived: "));
        pass(DEADLINE.plusSeconds(1));
        assertEquals(List.of("queued"), waits.ends);
    }

    @Test
    void refusesForNowWhenAStepNeverAnswers() {
        for (String body : List.of("", LARGE)) {
            Session session = new Session();
            send(session, SLOW + "\r\n" + body + ".\r\n", slow);
            pass(DEADLINE.minusMillis(1));
            assertEquals(List.of(), session.ends);
            pass(Duration.ofMillis(1));
            assertEquals(List.of(SmtpPhrasebook.NO_ANSWER.toString()), session.ends);
            assertEquals(
                    "451 4.3.0 Error: message processing timeout",
                    session.ends.get(0).strip());
            assertEquals(0, loop.bodyBytes());
            // Too late to be heard.
            slow.answer(message -> StepOutcome.DONE);
            pass(DEADLINE);
            assertEquals(1, session.ends.size());
        }
        assertEquals(List.of(), queue.messages());
        assertEquals(1, queue.abandoned().size());
        assertEquals(
                2,
                log.lines().stream()
                        .filter(line -> line.endsWith("no answer in time: Slow"))
                        .count());
    }

    @Test
    void endsAMessageWhoseStepFailsWithItsAnswer() {
        Session session = new Session();
        send(session, SLOW + "\r\n.\r\n", slow);
        slow.answer(message -> {
            throw new IllegalStateException("a mistake");
        });
        channel.runPendingTasks();
        assertThrows(IllegalStateException.class, channel::checkException);
        assertEquals(List.of(), session.ends);
        pass(DEADLINE);
        assertEquals(List.of(SmtpPhrasebook.NO_ANSWER.toString()), session.ends);
    }

    @Test
    void letsAStepAskTwiceWithinItsTime() {
        Session session = new Session();
        send(session, SLOW + "\r\n.\r\n", slow);
        pass(DEADLINE.minusSeconds(1));
        slow.answer(slow::apply);
        channel.runPendingTasks();
        assertEquals(List.of(), session.ends);
        pass(Duration.ofSeconds(1));
        assertEquals(List.of(SmtpPhrasebook.NO_ANSWER.toString()), session.ends);
    }

    @Test
    void hearsOnlyTheFirstAnswer() {
        Session session = new Session();
        send(session, SLOW + "\r\n.\r\n", slow, TestSteps.doing(slow::apply));
        StepAnswer.Rest done = message -> StepOutcome.DONE;
        // Both are for the first step: the second one has not asked yet.
        slow.answer(done);
        slow.answer(done);
        channel.runPendingTasks();
        assertEquals(List.of(), session.ends);
        slow.answer(done);
        channel.runPendingTasks();
        assertEquals(List.of("queued"), session.ends);
    }

    @Test
    void forgetsAMessageWhoseClientHasGoneMeanwhile() {
        for (String body : List.of("", LARGE)) {
            Session session = new Session();
            MessageIntake message = send(session, SLOW + "\r\n" + body + ".\r\n", slow);
            assertTrue(loop.bodyBytes() > 0);
            message.abandon();
            channel.runPendingTasks();
            assertEquals(0, loop.bodyBytes());
            slow.answer(draft -> StepOutcome.DONE);
            pass(DEADLINE);
            assertEquals(List.of(), session.ends);
        }
        assertEquals(List.of(), queue.messages());
        assertEquals(1, queue.abandoned().size());
        assertEquals(0, queue.unfinished().size());
    }

    @Test
    void tellsAtOnceWhenAChunkFailsWhileAStepIsWaitedFor() {
        queue.holds = true;
        Session session = new Session();
        send(session, SLOW + "\r\n" + LARGE + ".\r\n", slow);
        queue.result = CommitResult.FAILED;
        queue.commit();
        channel.runPendingTasks();
        queue.result = CommitResult.DURABLE;
        assertEquals(List.of(SmtpPhrasebook.WRITE_ERROR.toString()), session.ends);
        slow.answer(message -> StepOutcome.DONE);
        channel.runPendingTasks();
        assertEquals(1, session.ends.size());
        assertEquals(List.of(), queue.messages());
    }

    /** What waits for a step takes no memory that others need. */
    @Test
    void bringsToTheDiskWhatWaitsForAStepWhenMemoryIsShort() {
        Session session = new Session();
        String text = SLOW + "Subject: x\r\n\r\n" + "waits\r\n".repeat(20_000) + ".\r\n";
        MessageIntake waits = send(session, text, slow);
        queue.holds = true;
        List<MessageIntake> others = new ArrayList<>();
        while (queue.unfinished().get(waits.arrival().queueId()) == null) {
            assertTrue(others.size() < 100);
            MessageIntake other = open(new Session());
            others.add(other);
            other.room(100_000).writeBytes(("\r\n" + "y".repeat(99_998)).getBytes(StandardCharsets.US_ASCII));
            other.onWritten();
        }
        queue.holds = false;
        queue.commit();
        others.forEach(MessageIntake::abandon);
        channel.runPendingTasks();
        slow.answer(message -> {
            message.header().replace(message.header().find("Subject", 0), "Subject", "late");
            return StepOutcome.DONE;
        });
        channel.runPendingTasks();
        assertEquals(List.of("queued"), session.ends);
        assertEquals(text.replace("Subject: x", "Subject: late"), onlyMessage().body() + ".\r\n");
        assertEquals(2, onlyMessage().extentCount());
    }

    // Headers that come slowly, or never end. ------------------------------------------------------------------------

    @Test
    void keepsAHeaderUntilItsEndHasCome() {
        Session session = new Session();
        MessageIntake message = open(session);
        String fields = ("X-Field: " + "z".repeat(989) + "\r\n").repeat(600);
        for (int at = 0; at < fields.length(); at += 1000) {
            message.room(1000).writeBytes(fields.substring(at, at + 1000).getBytes(StandardCharsets.US_ASCII));
            message.onWritten();
        }
        assertEquals(0, queue.unfinished().size());
        write(message, "Bcc: secret\r\n\r\n" + LARGE + ".\r\n");
        message.end(0);
        channel.runPendingTasks();
        assertEquals(fields + "\r\n" + LARGE, onlyMessage().body());
    }

    @Test
    void passesOnWhatIsTooMuchForAHeader() {
        Session session = new Session();
        String fields = ("X-Field: " + "z".repeat(989) + "\r\n").repeat(2 * MessageIntake.HEADER_BYTES_MAX / 1000);
        MessageIntake message = send(session, "Bcc: secret\r\n" + fields + "\r\ntext\r\n.\r\n");
        assertEquals(List.of("queued"), session.ends);
        assertEquals(fields + "\r\ntext\r\n", onlyMessage().body());
        assertNotNull(message.arrival());
        assertTrue(onlyMessage().extentCount() > 2);
    }

    @Test
    void refusesTheOldestWhenHeadersThatDoNotEndUseUpTheMemory() {
        List<MessageIntake> messages = new ArrayList<>();
        byte[] part = ("X: " + "z".repeat(99_997)).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 100; i++) {
            MessageIntake message = open(new Session());
            messages.add(message);
            message.room(part.length).writeBytes(part);
            message.onWritten();
            assertTrue(loop.bodyBytes() <= MEMORY_BYTES + 2 * MessageIntake.CHUNK_BYTES, loop.bodyBytes() + " bytes");
        }
        assertSame(SmtpPhrasebook.NO_SPACE, messages.get(0).refusal());
        assertFalse(messages.get(99).isRefused());
        messages.forEach(MessageIntake::abandon);
        assertEquals(List.of(), queue.abandoned());
    }

    // Against a model. -----------------------------------------------------------------------------------------------

    /** However a message comes, and whatever of it is on the disk early, the same comes of it as when it comes at once. */
    @Test
    void makesTheSameOfAMessageHoweverItComes() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            String text = randomMessage(random);
            IntakeStep step = editing(seed);
            queue.messages().clear();
            send(new Session(), text, TestSteps.hashing(), step);
            nextId -= 1024;
            MessageIntake message = open(new Session(), TestSteps.hashing(), step);
            int at = 0;
            while (at < text.length()) {
                int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 200 : 2000), text.length() - at);
                ByteBuf room = message.room(length);
                room.writeBytes(text.substring(at, at + length).getBytes(StandardCharsets.ISO_8859_1));
                at += length;
                if (at < text.length()) {
                    message.onWritten();
                    if (random.nextInt(4) == 0) {
                        // As when memory is short.
                        message.sendPartial();
                    }
                    channel.runPendingTasks();
                }
            }
            message.end(0);
            channel.runPendingTasks();
            assertEquals(2, queue.messages().size(), "seed " + seed);
            assertEquals(
                    queue.messages().get(0).content(), queue.messages().get(1).content(), "seed " + seed);
        }
    }

    private static IntakeStep editing(int seed) {
        return TestSteps.doing(message -> {
            Random random = new Random(seed);
            for (int i = random.nextInt(5); i > 0 && message.header().count() > 0; i--) {
                int index = random.nextInt(message.header().count());
                switch (random.nextInt(3)) {
                    case 0 -> message.header().remove(index);
                    case 1 -> message.header().insert(index, "New", "value");
                    default -> message.header().replace(index, "Other", "value");
                }
            }
            return StepOutcome.DONE;
        });
    }

    private static String randomMessage(Random random) {
        StringBuilder text = new StringBuilder();
        String[] names = {"To", "Received", "Bcc", "From ", "X-Long", "Return-Path", "no field"};
        for (int i = random.nextInt(12); i > 0; i--) {
            String name = names[random.nextInt(random.nextInt(6) == 0 ? names.length : names.length - 1)];
            text.append(name).append(": ").append("v".repeat(random.nextInt(300)));
            text.append(random.nextInt(3) == 0 ? "\r\n\tfold\r\n" : "\r\n");
        }
        text.append(random.nextInt(4) == 0 ? "" : "\r\n");
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append("t".repeat(1 + random.nextInt(200))).append(random.nextInt(5) == 0 ? "\r\n..\r\n" : "\r\n");
        }
        return text + ".\r\n";
    }
}
