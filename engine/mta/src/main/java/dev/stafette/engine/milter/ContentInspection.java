// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.WireBody;
import dev.stafette.codec.milter.MilterCommand;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.TextReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows one message to one milter: field by field, the end of the header, the body in pieces, the end.
 * Thread: event loop.
 *
 * <p>It goes on when the milter has answered, and reads no more of a large body than the next piece.
 */
final class ContentInspection implements TextReader.Listener {
    /** As libmilter has it (MILTER_CHUNK_SIZE). */
    private static final int PIECE_BYTES_MAX = 65_535;

    /** Of a name and its value; what libmilter takes at most is 65535, in older releases. */
    private static final int FIELD_BYTES_MAX = 60_000;

    private enum Part {
        HEADER,
        END_OF_HEADER,
        BODY,
        END
    }

    private final MessageDraft message;
    private final MilterClient client;
    private final OwnReceived own;
    private final MessageChanges changes;
    private final TextReader text;
    private final Consumer<@Nullable MilterVerdict> onEnd;
    private final WireBody lines = new WireBody(false);

    // Owned by the loop.
    private Part part = Part.HEADER;
    private int fieldIndex;
    private @Nullable ByteBuf body;
    private boolean isTextRead;
    private boolean isStepping;
    private boolean goesOn;
    private boolean isOver;

    /** {@code onEnd}: hears what the milter makes of it; nobody does, when the message has gone. */
    ContentInspection(
            MessageDraft message,
            MilterClient client,
            OwnReceived own,
            MessageChanges changes,
            TextReader text,
            Consumer<@Nullable MilterVerdict> onEnd) {
        this.message = message;
        this.client = client;
        this.own = own;
        this.changes = changes;
        this.text = text;
        this.onEnd = onEnd;
    }

    /** Goes on as long as answers come at once. */
    void run() {
        goesOn = true;
        if (isStepping) {
            return;
        }
        isStepping = true;
        while (goesOn && !isOver) {
            goesOn = false;
            step();
        }
        isStepping = false;
    }

    private void step() {
        if (message.isClosed()) {
            close();
            return;
        }
        switch (part) {
            case HEADER -> tellField();
            case END_OF_HEADER -> {
                part = Part.BODY;
                client.tell(MilterCommand.END_OF_HEADER, out -> {}, this::onAnswer);
            }
            case BODY -> tellBody();
            default -> client.tellEnd(changes::add, this::end);
        }
    }

    private void onAnswer(@Nullable MilterVerdict verdict) {
        if (verdict != null || client.isDoneWithMessage()) {
            end(verdict);
        } else {
            run();
        }
    }

    private void end(@Nullable MilterVerdict verdict) {
        if (!isOver) {
            close();
            onEnd.accept(verdict);
        }
    }

    private void close() {
        isOver = true;
        text.close();
        ByteBuf left = body;
        body = null;
        if (left != null) {
            left.release();
        }
        if (message.isClosed()) {
            changes.close();
        }
    }

    private void tellField() {
        HeaderFields header = message.header();
        while (fieldIndex < header.count()
                && (fieldIndex == own.index() || header.name(fieldIndex).isEmpty())) {
            fieldIndex++;
        }
        if (fieldIndex >= header.count() || !client.looksAt(MilterCommand.HEADER)) {
            part = Part.END_OF_HEADER;
            run();
            return;
        }
        int index = fieldIndex++;
        ByteBuf in = header.bytes(index);
        int start = header.start(index);
        // It was doubled.
        int nameStart = in.getByte(start) == '.' ? start + 1 : start;
        int colon = header.valueStart(index);
        boolean dropsSpace = !client.wantsLeadingSpace() && colon < header.lineEnd(index) && in.getByte(colon) == ' ';
        int from = dropsSpace ? colon + 1 : colon;
        int to = Math.min(header.lineEnd(index), from + FIELD_BYTES_MAX);
        client.tell(
                MilterCommand.HEADER,
                out -> out.fieldText(in, nameStart, header.nameEnd(index)).fieldText(in, from, to),
                this::onAnswer);
    }

    private void tellBody() {
        int ready = body == null ? 0 : body.readableBytes();
        if (!client.looksAt(MilterCommand.BODY)) {
            part = Part.END;
            run();
        } else if (body != null && (ready >= PIECE_BYTES_MAX || isTextRead && ready > 0)) {
            ByteBuf piece = body.readSlice(Math.min(ready, PIECE_BYTES_MAX));
            client.tell(MilterCommand.BODY, out -> out.bytes(piece), this::onAnswer);
        } else if (isTextRead) {
            part = Part.END;
            run();
        } else {
            text.next(this);
        }
    }

    @Override
    public void onPiece(@Nullable ByteBuf piece) {
        if (message.isClosed()) {
            close();
            return;
        }
        if (piece == null) {
            isTextRead = true;
        } else {
            ByteBuf into = body;
            if (into == null) {
                into = PooledByteBufAllocator.DEFAULT.directBuffer(piece.readableBytes());
                body = into;
            }
            into.discardReadBytes();
            lines.decode(piece, into);
        }
        run();
    }

    @Override
    public void onUnreadable(String why) {
        message.log().warning("cleanup", message.arrival().queueIdText() + ": content for milters: " + why);
        end(MilterVerdict.UNREADABLE);
    }
}
