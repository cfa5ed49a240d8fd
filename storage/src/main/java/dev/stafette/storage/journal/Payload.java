// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.TakenOver;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bodies and states inside a record. Little-endian.
 * Thread: any.
 *
 * <pre>
 * body   u8 flags | u32 extents | each: u32 segment | u32 offset | u32 header length | u32 content length
 * state  u8 kind | u32 attempts | u64 due ms | u32 status | text reply | text server, 0xffff for none
 * text   u16 length | UTF-8
 * </pre>
 */
final class Payload {
    /** A reply is cut to this: the log has the whole. */
    static final int TEXT_BYTES_MAX = 1024;

    /** A state with both texts at their longest. */
    static final int STATE_BYTES_MAX = 17 + 2 * (2 + TEXT_BYTES_MAX);

    static final int EXTENT_BYTES = 16;

    private static final int HELD = 1;
    private static final int EXPIRING = 2;
    private static final int WARNED = 4;

    private static final int ABSENT = 0xffff;
    private static final RecipientState.Kind[] KINDS = RecipientState.Kind.values();
    private static final TakenOver.Warning[] WARNINGS = TakenOver.Warning.values();

    private Payload() {}

    static byte marks(LiveMessage message) {
        return (byte)
                ((message.held() ? HELD : 0) | (message.expiring() ? EXPIRING : 0) | (message.warned() ? WARNED : 0));
    }

    static LiveMessage message(byte marks, BodyRef body, RecipientState[] states) {
        return new LiveMessage(body, (marks & HELD) != 0, (marks & EXPIRING) != 0, (marks & WARNED) != 0, states);
    }

    static void putBody(BodyRef body, ByteBuffer out) {
        out.put((byte) body.flags()).putInt(body.extentCount());
        for (int i = 0; i < body.extentCount(); i++) {
            out.putInt(body.segment(i))
                    .putInt(body.offset(i))
                    .putInt(body.headerBytes(i))
                    .putInt(body.contentBytes(i));
        }
    }

    static BodyRef getBody(ByteBuffer in) {
        int flags = in.get();
        int count = in.getInt();
        if (count < 1 || count > in.remaining() / EXTENT_BYTES) {
            throw new IllegalArgumentException("extents: " + count);
        }
        int[] segments = new int[count];
        int[] offsets = new int[count];
        int[] headerBytes = new int[count];
        int[] contentBytes = new int[count];
        for (int i = 0; i < count; i++) {
            segments[i] = in.getInt();
            offsets[i] = in.getInt();
            headerBytes[i] = in.getInt();
            contentBytes[i] = in.getInt();
        }
        return BodyRef.of(flags, segments, offsets, headerBytes, contentBytes);
    }

    /** Of its recipients those from one place to another. */
    static void putTakenOver(TakenOver takenOver, int from, int to, ByteBuffer out) {
        out.putLong(takenOver.queueId())
                .put((byte) takenOver.warning().ordinal())
                .putInt(to - from);
        takenOver.recipients().subList(from, to).forEach(out::putInt);
    }

    static TakenOver getTakenOver(ByteBuffer in) {
        long queueId = in.getLong();
        int warning = in.get();
        if (warning < 0 || warning >= WARNINGS.length) {
            throw new IllegalArgumentException("warning: " + warning);
        }
        List<Integer> recipients = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
            recipients.add(in.getInt());
        }
        return new TakenOver(queueId, recipients, WARNINGS[warning]);
    }

    static void putState(RecipientState state, ByteBuffer out) {
        out.put((byte) state.kind().ordinal())
                .putInt(state.attempts())
                .putLong(state.dueMs())
                .putInt(state.statusPacked());
        putText(state.reply(), out);
        putText(state.remoteMta(), out);
    }

    static RecipientState getState(ByteBuffer in) {
        int kind = in.get();
        if (kind < 0 || kind >= KINDS.length) {
            throw new IllegalArgumentException("state kind: " + kind);
        }
        int attempts = in.getInt();
        long dueMs = in.getLong();
        int status = in.getInt();
        String reply = getText(in);
        return new RecipientState(KINDS[kind], attempts, dueMs, status, reply == null ? "" : reply, getText(in));
    }

    private static void putText(@Nullable String text, ByteBuffer out) {
        if (text == null) {
            out.putShort((short) ABSENT);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, TEXT_BYTES_MAX);
        out.putShort((short) length).put(bytes, 0, length);
    }

    private static @Nullable String getText(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        if (length == ABSENT) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
