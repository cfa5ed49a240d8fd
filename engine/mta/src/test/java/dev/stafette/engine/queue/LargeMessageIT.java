// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.MessageBody;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A step that needs the whole of a message changes its header, however large it is. Issue 10. */
class LargeMessageIT {
    private static final int MESSAGE_BYTES = 50 << 20;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int LINE_BYTES = 1024;
    private static final int MEMORY_BYTES_MAX = 2 << 20;
    private static final String HEADER = "Subject: large\r\n\r\n";

    @TempDir
    private Path directory;

    private final FakeTransport transport = new FakeTransport();
    /** Counted by the tests themselves: what notes each access takes its time. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false, true);

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private boolean queued;

    private void work(QueueRig rig) {
        rig.cycle();
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void getsTheHashOfItsBodyInConstantMemory() throws Exception {
        transport.keepRequests();
        try (QueueRig rig = new QueueRig(directory, new AtomicLong(), transport, new QueueRig.Options());
                KeptLog log = new KeptLog()) {
            IntakeLoop loop =
                    new IntakeLoop(new RigLoop(tasks::add), allocator, rig.intakeQueue(), ZoneOffset.UTC, 64L << 20);
            MessageIntake message = open(loop, log);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long mostBytes = bring(message, digest, loop, rig);
            rig.runUntil("queued", () -> {
                work(rig);
                return queued;
            });
            rig.runUntil("tried", () -> !transport.kept().isEmpty());
            assertEquals(0, loop.bodyBytes());
            assertEquals(0, allocator.metric().usedDirectMemory());
            assertTrue(mostBytes < MEMORY_BYTES_MAX, "bytes in memory: " + mostBytes);
            MessageBody body = transport.kept().get(0).body();
            check(body, HexFormat.of().formatHex(digest.digest()));
            transport.answer(transport.kept().get(0));
            rig.settle();
            assertEquals(0, rig.messageCount());
        }
    }

    private MessageIntake open(IntakeLoop loop, KeptLog log) {
        long id = loop.queue().nextQueueId(0);
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        Arrival arrival = new Arrival(
                Entrance.SMTP,
                id,
                QueueId.format(id),
                0,
                0,
                envelope,
                ReceivedHeader.ofUser(0, "mx", "Stafette"),
                false);
        IntakeListener session = new IntakeListener() {
            @Override
            public void onRoom() {}

            @Override
            public void onEnd(@Nullable SmtpReply refusal) {
                assertEquals(null, refusal);
                queued = true;
            }
        };
        return new MessageIntake(loop, TestSteps.settings(TestSteps.hashing()), arrival, session, log.log());
    }

    /** As a client does that sends without end; returns how many bytes of the message were in memory at most. */
    private long bring(MessageIntake message, MessageDigest digest, IntakeLoop loop, QueueRig rig) {
        byte[] piece = piece();
        byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
        message.room(header.length).writeBytes(header);
        long mostBytes = 0;
        for (int sent = 0; sent < MESSAGE_BYTES; sent += PIECE_BYTES) {
            int at = sent / PIECE_BYTES % (LINE_BYTES - 2);
            Arrays.fill(piece, at, at + 1, (byte) 'X');
            digest.update(piece);
            message.room(PIECE_BYTES).writeBytes(piece);
            message.onWritten();
            mostBytes = Math.max(
                    mostBytes, Math.max(loop.bodyBytes(), allocator.metric().usedDirectMemory()));
            while (message.isStalled()) {
                work(rig);
            }
        }
        message.room(3).writeBytes(".\r\n".getBytes(StandardCharsets.US_ASCII));
        message.end(0);
        return Math.max(mostBytes, allocator.metric().usedDirectMemory());
    }

    private static byte[] piece() {
        byte[] piece = new byte[PIECE_BYTES];
        Random random = new Random(1);
        for (int i = 0; i < PIECE_BYTES; i++) {
            piece[i] = (byte) ('a' + random.nextInt(26));
        }
        for (int end = LINE_BYTES; end <= PIECE_BYTES; end += LINE_BYTES) {
            piece[end - 2] = '\r';
            piece[end - 1] = '\n';
        }
        return piece;
    }

    private static void check(MessageBody body, String hash) throws Exception {
        MessageDigest stored = MessageDigest.getInstance("SHA-256");
        ByteBuffer first = ByteBuffer.allocate(body.partLengthBytes(0));
        body.partChannel(0).read(first, body.partPosition(0));
        String header = new String(first.array(), StandardCharsets.US_ASCII);
        assertTrue(header.startsWith(TestSteps.HASH_FIELD + ": " + hash + "\r\nReceived: "), header);
        assertTrue(header.endsWith("\r\n" + HEADER), header);
        for (int i = 1; i < body.partCount(); i++) {
            ByteBuffer part = ByteBuffer.allocate(body.partLengthBytes(i));
            body.partChannel(i).read(part, body.partPosition(i));
            part.flip();
            if (i == body.partCount() - 1) {
                part.limit(part.limit() - 3);
            }
            stored.update(part);
        }
        assertEquals(hash, HexFormat.of().formatHex(stored.digest()));
        assertEquals(header.length() + MESSAGE_BYTES, body.sizeBytes());
    }
}
