// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The intake of a server with nothing around it: messages come in by SMTP one after the other, and are kept. Thread: the test's. */
public final class TestIntake implements AutoCloseable {
    /** The end of a message that is in the queue, or was discarded. */
    public static final String TAKEN = "taken";

    private static final int PIECE_BYTES = 50_000;

    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final IntakeLoop loop;
    private final List<String> ends = new ArrayList<>();

    public TestIntake() {
        this(UnpooledByteBufAllocator.DEFAULT);
    }

    public TestIntake(ByteBufAllocator allocator) {
        loop = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, 3 << 20);
    }

    public KeptQueue queue() {
        return queue;
    }

    /** The last message that is in the queue. */
    public KeptQueue.Kept lastKept() {
        return queue.messages().get(queue.messages().size() - 1);
    }

    public KeptLog log() {
        return log;
    }

    /** Time goes by it. */
    public EmbeddedChannel channel() {
        return channel;
    }

    /** What comes by SMTP. */
    public Arrival arrival(
            long queueId, long arrivalMs, Envelope envelope, boolean isOurs, @Nullable SendingClient client) {
        return new Arrival(
                Entrance.SMTP,
                queueId,
                QueueId.format(queueId),
                arrivalMs,
                0,
                envelope,
                ReceivedHeader.ofUser(0, "mx.b.test", "Stafette"),
                false,
                false,
                null,
                "",
                isOurs,
                client);
    }

    /** {@code wire}: with its dot line. */
    public void send(IntakeSettings settings, Arrival arrival, byte[] wire) {
        IntakeListener session = new IntakeListener() {
            @Override
            public void onRoom() {}

            @Override
            public void onEnd(@Nullable SmtpReply refusal) {
                ends.add(refusal == null ? TAKEN : refusal.toString());
            }
        };
        MessageIntake message = new MessageIntake(loop, settings, arrival, session, log.log());
        for (int at = 0; at < wire.length; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, wire.length - at);
            message.room(length).writeBytes(wire, at, length);
            if (at + length < wire.length) {
                message.onWritten();
                channel.runPendingTasks();
            }
        }
        message.end(0);
        settle();
    }

    /** What is to be done on the loop is done. */
    public void settle() {
        channel.runPendingTasks();
    }

    /** The end of the last message: {@link #TAKEN}, or the reply that refuses it; empty: it has none yet. */
    public String takeEnd() {
        settle();
        return ends.isEmpty() ? "" : ends.remove(ends.size() - 1);
    }

    @Override
    public void close() {
        settle();
        channel.finishAndReleaseAll();
        log.close();
        assertEquals(0, loop.bodyBytes());
    }
}
