// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.milter;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a milter says.
 * Thread: any (a value).
 *
 * @param number the index of a header field
 * @param first name of a field, address, or the only data
 * @param second value of a field, or parameters; null: not said
 */
public record MilterReply(Kind kind, int number, byte[] first, byte @Nullable [] second) {
    private static final byte[] NOTHING = {};
    private static final int INT_BYTES = 4;

    /** What data a reply has. */
    private enum Form {
        NONE,
        /** All of it is one. */
        BYTES,
        TEXT,
        TEXT_AND_MAYBE_TEXT,
        TWO_TEXTS,
        NUMBER_AND_TWO_TEXTS
    }

    /** The kinds of replies. */
    public enum Kind {
        PROGRESS('p', Form.NONE, "PROGRESS"),
        CONTINUE('c', Form.NONE, "CONTINUE"),
        ACCEPT('a', Form.NONE, "ACCEPT"),
        DISCARD('d', Form.NONE, "DISCARD"),
        REJECT('r', Form.NONE, "REJECT"),
        TEMPFAIL('t', Form.NONE, "TEMPFAIL"),
        SHUTDOWN('4', Form.NONE, "SHUTDOWN"),
        SKIP('s', Form.NONE, "SKIP"),
        REPLY_CODE('y', Form.BYTES, "REPLYCODE"),
        QUARANTINE('q', Form.BYTES, "QUARANTINE"),
        ADD_HEADER('h', Form.TWO_TEXTS, "ADDHEADER"),
        CHANGE_HEADER('m', Form.NUMBER_AND_TWO_TEXTS, "CHGHEADER"),
        INSERT_HEADER('i', Form.NUMBER_AND_TWO_TEXTS, "INSHEADER"),
        CHANGE_SENDER('e', Form.TEXT_AND_MAYBE_TEXT, "CHGFROM"),
        ADD_RECIPIENT('+', Form.TEXT, "ADDRCPT"),
        ADD_RECIPIENT_WITH('2', Form.TEXT_AND_MAYBE_TEXT, "ADDRCPT_PAR"),
        DELETE_RECIPIENT('-', Form.TEXT, "DELRCPT"),
        REPLACE_BODY('b', Form.BYTES, "REPLBODY");

        private static final Map<Byte, Kind> BY_CODE = new HashMap<>();

        static {
            for (Kind kind : values()) {
                BY_CODE.put((byte) kind.code, kind);
            }
        }

        private final char code;
        private final Form form;
        private final String text;

        Kind(char code, Form form, String text) {
            this.code = code;
            this.form = form;
            this.text = "SMFIR_" + text;
        }

        /** As libmilter has it, for the log. */
        public String text() {
            return text;
        }

        /** It changes the message, and may be said at its end alone. */
        public boolean isChange() {
            return form != Form.NONE && this != REPLY_CODE && this != QUARANTINE;
        }
    }

    /** {@code packet}: without its length; consumed. Throws an IllegalArgumentException that says what is wrong with it. */
    public static MilterReply parse(ByteBuf packet) {
        byte code = packet.readByte();
        Kind kind = Kind.BY_CODE.get(code);
        if (kind == null) {
            throw new IllegalArgumentException("unknown filter reply " + (code & 0xff));
        }
        MilterReply reply = switch (kind.form) {
            case NONE -> new MilterReply(kind, 0, NOTHING, null);
            case BYTES -> new MilterReply(kind, 0, rest(packet), null);
            case TEXT -> new MilterReply(kind, 0, text(packet), null);
            case TWO_TEXTS -> new MilterReply(kind, 0, text(packet), text(packet));
            case TEXT_AND_MAYBE_TEXT ->
                new MilterReply(kind, 0, text(packet), packet.isReadable() ? text(packet) : null);
            case NUMBER_AND_TWO_TEXTS -> new MilterReply(kind, number(packet), text(packet), text(packet));
        };
        if (packet.isReadable()) {
            throw new IllegalArgumentException(
                    "reply " + kind.text + " was followed by " + packet.readableBytes() + " data bytes");
        }
        return reply;
    }

    static int number(ByteBuf packet) {
        if (packet.readableBytes() < INT_BYTES) {
            throw new IllegalArgumentException("input packet too short for network long");
        }
        return packet.readInt();
    }

    static byte[] text(ByteBuf packet) {
        int length = packet.bytesBefore((byte) 0);
        if (length < 0) {
            throw new IllegalArgumentException("missing string null terminator");
        }
        byte[] text = new byte[length];
        packet.readBytes(text).skipBytes(1);
        return text;
    }

    private static byte[] rest(ByteBuf packet) {
        byte[] rest = new byte[packet.readableBytes()];
        packet.readBytes(rest);
        return rest;
    }

    public String firstText() {
        return new String(first, StandardCharsets.UTF_8);
    }

    /** Empty: not said. */
    public String secondText() {
        return second == null ? "" : new String(second, StandardCharsets.UTF_8);
    }
}
