// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;

/**
 * Drops the fields that must not travel on (message_drop_headers), cuts those that are too long (header_size_limit), and
 * takes away the white space in front of a colon. All that is rare.
 * Thread: event loop.
 */
final class FieldCleanupStep implements IntakeStep {
    @Override
    public StepOutcome apply(MessageDraft message) {
        HeaderFields header = message.header();
        int limit = message.settings().headerBytesMax();
        int fieldBytesMax = limit == 0 ? Integer.MAX_VALUE : limit;
        DroppedFields dropped = message.settings().dropped();
        if (dropped.areIn(header) || header.hasSpacedName() || header.headerBytes() > fieldBytesMax) {
            cleanUp(header, dropped, fieldBytesMax);
        }
        return StepOutcome.DONE;
    }

    private static void cleanUp(HeaderFields header, DroppedFields dropped, int fieldBytesMax) {
        // From the end: what is removed moves those behind it.
        for (int i = header.count() - 1; i >= header.topCount(); i--) {
            if (dropped.include(header, i)) {
                header.remove(i);
                continue;
            }
            boolean isSpaced = header.nameEnd(i) < header.colon(i);
            if (isSpaced || header.lineEnd(i) - header.start(i) > fieldBytesMax) {
                rewrite(header, i, fieldBytesMax);
            }
        }
    }

    private static void rewrite(HeaderFields header, int index, int fieldBytesMax) {
        int colon = header.colon(index);
        int nameBytes = header.nameEnd(index) - header.start(index);
        if (colon == header.start(index)) {
            // The separator of a mbox file has no colon.
            return;
        }
        ByteBuf out = header.newField();
        int start = out.writerIndex();
        out.writeBytes(header.bytes(index), header.start(index), nameBytes);
        out.writeBytes(header.bytes(index), colon, header.lineEnd(index) - colon);
        if (out.writerIndex() - start > fieldBytesMax) {
            cut(out, start + nameBytes + 1, start + fieldBytesMax);
        }
        out.writeShort('\r' << 8 | '\n');
        header.putInPlaceOf(index);
    }

    /** What is left ends with no white space; without its colon it would be no field, and end them all. */
    private static void cut(ByteBuf out, int valueStart, int end) {
        int keep = Math.max(end, valueStart);
        while (keep > valueStart && out.getByte(keep - 1) <= ' ' && out.getByte(keep - 1) >= 0) {
            keep--;
        }
        out.writerIndex(keep);
    }
}
