// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a generation that is not written any more, for a checkpoint: which messages came with it, and their envelopes.
 * Thread: the disk's; it may wait.
 */
final class OldGeneration {
    /** Of one reading. */
    private static final int MESSAGES_MAX = 64;

    private static final int BYTES_MAX = 1 << 20;

    private final Path file;
    private final Long2ObjectHashMap<ByteBuf> parts = new Long2ObjectHashMap<>();
    private @Nullable JournalScan scan;

    /** A message as it came; what became of it, the queue knows. */
    record Message(long queueId, long arrivalMs, ByteBuf envelope) {}

    /** Some messages; {@code isLast}: there are no more. */
    record Page(ArrayDeque<Message> messages, boolean isLast) {}

    OldGeneration(Path file) {
        this.file = file;
    }

    /** The next messages. One that cannot be read ends here: the replay has reported it and kept a copy. */
    Page read() {
        ArrayDeque<Message> messages = new ArrayDeque<>();
        int bytes = 0;
        try {
            JournalScan open = scan;
            if (open == null) {
                open = JournalScan.open(file);
                scan = open;
            }
            while (messages.size() < MESSAGES_MAX && bytes < BYTES_MAX) {
                if (!open.next()) {
                    close();
                    return new Page(messages, true);
                }
                Message message = message(open);
                if (message != null) {
                    messages.add(message);
                    bytes += message.envelope().readableBytes();
                }
            }
            return new Page(messages, false);
        } catch (IOException e) {
            return new Page(messages, true);
        }
    }

    private @Nullable Message message(JournalScan open) {
        long queueId = open.queueId();
        JournalRecordType type = open.type();
        if (type == JournalRecordType.ENVELOPE_PART) {
            parts.computeIfAbsent(queueId, id -> Unpooled.buffer()).writeBytes(open.payload());
            return null;
        }
        if (type != JournalRecordType.ACCEPTED && type != JournalRecordType.CHECKPOINTED) {
            return null;
        }
        ByteBuf envelope = parts.remove(queueId);
        ByteBuffer payload = open.payload();
        long arrivalMs = payload.getLong();
        payload.get();
        Payload.getBody(payload);
        for (int n = payload.getInt(); n > 0; n--) {
            Payload.getState(payload);
        }
        if (envelope == null) {
            envelope = Unpooled.buffer(payload.remaining());
        }
        envelope.writeBytes(payload);
        return new Message(queueId, arrivalMs, envelope);
    }

    void close() throws IOException {
        JournalScan open = scan;
        scan = null;
        if (open != null) {
            open.close();
        }
    }
}
