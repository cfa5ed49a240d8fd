// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.Transport;
import dev.stafette.engine.checks.ContentRules;
import dev.stafette.engine.checks.ContentWalk;
import dev.stafette.engine.table.Inquiry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Gives a transport messages whose content smtp_header_checks and smtp_body_checks have seen, and changed. Where only the header
 * changes, the rest goes its way as it is stored.
 * Thread: any; a worker reads the message and asks the tables, and waits for both.
 */
final class CheckedTransport implements Transport {
    private static final int PIECE_BYTES = 256 << 10;

    private final Transport next;
    private final ContentRules rules;
    private final Path directory;
    private final Executor workers;
    private final ClientChecks.Notes notes;

    /** {@code directory}: for what is too large for memory. */
    CheckedTransport(Transport next, ContentRules rules, Path directory, Executor workers, ClientChecks.Notes notes) {
        this.next = next;
        this.rules = rules;
        this.directory = directory;
        this.workers = workers;
        this.notes = notes;
    }

    @Override
    public void deliver(DeliveryRequest request) {
        boolean onlyAsksForSite = request.site() != null && request.site().isEmpty();
        if (onlyAsksForSite) {
            next.deliver(request);
            return;
        }
        workers.execute(() -> check(request));
    }

    @Override
    public void retire(Runnable onIdle) {
        next.retire(onIdle);
    }

    @Override
    public void close() {
        next.close();
    }

    private void check(DeliveryRequest request) {
        ClientChecks checks = new ClientChecks(request.queueId(), notes);
        MessageBody changed;
        try (Passage passage = new Passage(request.body(), checks)) {
            changed = passage.run();
        } catch (IOException e) {
            Deferral.tell(request, String.valueOf(e.getMessage()));
            return;
        }
        if (changed == null) {
            notes.onWarning(request.queueId() + ": " + checks.unavailable() + " lookup error");
            Deferral.tell(request, "local data error: " + checks.unavailable() + " lookup error");
            return;
        }
        next.deliver(changed == request.body() ? request : request.as(request.envelope(), changed));
    }

    /** One message. */
    private final class Passage implements AutoCloseable {
        private final MessageBody body;
        private final ClientChecks checks;
        private final BodyCursor reader;
        private final StoredHeader header;
        private final ContentWalk walk;
        private final ByteBuf piece = ByteBufAllocator.DEFAULT.directBuffer(PIECE_BYTES);

        private @Nullable SpilledText spilled;
        private long walkedBytes;
        private long spilledBytes;

        Passage(MessageBody body, ClientChecks checks) {
            this.body = body;
            this.checks = checks;
            this.reader = new BodyCursor(body);
            this.header = new StoredHeader(body);
            this.walk = new ContentWalk(
                    rules, checks, (tables, key) -> tables.find(key, Inquiry.BLOCKING), ByteBufAllocator.DEFAULT);
        }

        /** The message as it is to go; null: tables cannot tell. */
        @Nullable
        MessageBody run() throws IOException {
            boolean hasMore = header.read(reader);
            walk.walkHeader(header.fields());
            boolean headerChanges = checks.areEdits();
            int textOffset = header.fields().textOffset();
            piece.writeBytes(header.bytes(), textOffset, header.bytes().readableBytes() - textOffset);
            while (!walk.isOver() || spilled != null && checks.unavailable() == null) {
                hasMore = hasMore && reader.read(piece, PIECE_BYTES);
                walk.walk(piece, !hasMore);
                int length = walk.walkedBytes();
                pass(length, walk.endPiece(piece), textOffset);
                if (!hasMore) {
                    break;
                }
            }
            if (checks.unavailable() != null) {
                return null;
            }
            SpilledText text = spilled;
            if (text == null) {
                return headerChanges ? header.changed() : body;
            }
            spilled = null;
            return new SpilledBody(
                    body, header.written(), text, spilledBytes, walk.addsEightBit(), walk.addsLongLine());
        }

        private void pass(int length, @Nullable ByteBuf changed, int textOffset) throws IOException {
            try {
                SpilledText text = spilled;
                if (changed != null && text == null) {
                    text = spill(textOffset);
                }
                if (text != null) {
                    ByteBuf written = changed == null ? piece : changed;
                    int count = changed == null ? length : changed.readableBytes();
                    text.write(written, count);
                    spilledBytes += count;
                }
            } finally {
                if (changed != null) {
                    changed.release();
                }
            }
            walkedBytes += length;
            piece.skipBytes(length).discardReadBytes();
        }

        /** What has been left as it is so far. */
        private SpilledText spill(int textOffset) throws IOException {
            SpilledText text = SpilledText.open(directory);
            spilled = text;
            BodyCursor again = new BodyCursor(body);
            ByteBuf copied = ByteBufAllocator.DEFAULT.directBuffer(PIECE_BYTES);
            try {
                again.read(copied, textOffset);
                copied.clear();
                while (spilledBytes < walkedBytes) {
                    again.read(copied, (int) Math.min(PIECE_BYTES, walkedBytes - spilledBytes));
                    text.write(copied, copied.readableBytes());
                    spilledBytes += copied.readableBytes();
                    copied.clear();
                }
            } finally {
                copied.release();
            }
            return text;
        }

        @Override
        public void close() throws IOException {
            piece.release();
            header.release();
            walk.close();
            if (spilled != null) {
                spilled.close();
            }
        }
    }
}
