// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The header of a message (RFC 5322 §2.2): found in one pass, changed as one list of fields, and written once.
 * Thread: its owner's; reusable.
 *
 * <p>It points into the bytes that were scanned, in the stored wire form, and copies nothing of them: what is not changed
 * keeps every byte, however malformed. New fields are kept in a buffer of their own. The list is in the order of the
 * message, and an index means its present state: a field that is put in moves those behind it.
 */
public final class HeaderFields {
    /** How the header ends. */
    public enum End {
        /** Behind the bytes that are there. What has come of the last field is not in the list. */
        NEED_MORE,
        /** A blank line, or the final dot line. */
        END,
        /** A line that is no field; a blank line belongs before it. */
        END_WITHOUT_BLANK_LINE,
        /** It has more fields than are looked at; the rest counts as text. */
        TOO_MANY
    }

    /** Far above what is seen in mail: a bound on the memory that one header takes. */
    public static final int FIELDS_MAX = 16_384;

    /** RFC 5322 §2.1.1; a longer Message-ID is cut, for it is only logged. */
    private static final int MESSAGE_ID_BYTES_MAX = 998;

    private static final int FIELDS_AT_FIRST = 32;
    private static final int FRESH_BYTES = 512;

    /** More than this is not kept for the next message. */
    private static final int FIELDS_KEPT = 1024;

    private static final int FRESH_BYTES_KEPT = 64 << 10;

    private static final int CRLF = '\r' << 8 | '\n';

    // Owned by the owner: the message in work.
    private ByteBuf source = Unpooled.EMPTY_BUFFER;
    /** Where the message begins in the source; offsets count from here. */
    private int base;

    private End end = End.NEED_MORE;
    private int headerBytes;
    private int textOffset;
    private boolean mailboxLine;
    private boolean spacedName;

    /** Fields by number: those of the source first, then new ones, whose offsets are in {@code fresh}. */
    private final FieldTable fields = new FieldTable(FIELDS_AT_FIRST);

    private int sourceCount;
    private int[] order = new int[FIELDS_AT_FIRST];
    private int count;
    private int topCount;
    private ByteBuf fresh = Unpooled.buffer(FRESH_BYTES);
    private int begunAt;
    private final FieldText added = new FieldText();

    private final byte[] name = new byte[HeaderName.BYTES_MAX];

    /** Lets go of the message. */
    public void clear() {
        source = Unpooled.EMPTY_BUFFER;
        end = End.NEED_MORE;
        headerBytes = 0;
        textOffset = 0;
        mailboxLine = false;
        spacedName = false;
        fields.clear(FIELDS_KEPT);
        sourceCount = 0;
        count = 0;
        topCount = 0;
        begunAt = 0;
        added.clear();
        if (order.length > FIELDS_KEPT) {
            order = new int[FIELDS_AT_FIRST];
        }
        fresh.clear();
        if (fresh.capacity() > FRESH_BYTES_KEPT) {
            fresh = Unpooled.buffer(FRESH_BYTES);
        }
    }

    // Finding. -------------------------------------------------------------------------------------------------------

    /**
     * Finds the fields of the message that begins with the readable bytes; the indexes of {@code in} stay. It is borrowed
     * until {@link #clear}, or {@link #moveTo} another one.
     */
    public End scan(ByteBuf in) {
        clear();
        source = in;
        base = in.readerIndex();
        int to = in.writerIndex();
        int at = base;
        while (at < to && end == End.NEED_MORE) {
            at = count == FIELDS_MAX ? stop(at, End.TOO_MANY) : scanField(in, at, to);
        }
        sourceCount = count;
        if (end == End.NEED_MORE) {
            textOffset = headerBytes;
        }
        return end;
    }

    private int stop(int at, End how) {
        end = how;
        textOffset = at - base;
        return at;
    }

    /** Returns where the next field begins; where the bytes end when this one may go on behind them. */
    private int scanField(ByteBuf in, int from, int to) {
        byte first = in.getByte(from);
        if (first == ' ' || first == '\t') {
            // At the beginning: it would continue the field that is put in front.
            return stop(from, End.END_WITHOUT_BLANK_LINE);
        }
        int nameEnd = from;
        int length = 0;
        byte b = first;
        while (b > ' ' && b != ':' && b != 0x7f) {
            if (length < HeaderName.BYTES_MAX) {
                name[length] = b;
            }
            length++;
            if (++nameEnd == to) {
                return to;
            }
            b = in.getByte(nameEnd);
        }
        int colon = nameEnd;
        while (length > 0 && (b == ' ' || b == '\t')) {
            if (++colon == to) {
                return to;
            }
            b = in.getByte(colon);
        }
        boolean isMailboxLine =
                count == 0 && colon > nameEnd && in.getByte(nameEnd) == ' ' && HeaderName.isMailboxLine(name, length);
        if (isMailboxLine) {
            mailboxLine = true;
        } else if (b != ':' || length == 0) {
            return endAt(in, from, to, nameEnd, length);
        }
        int next = fieldEnd(in, isMailboxLine ? nameEnd : colon, to);
        if (next < 0) {
            mailboxLine &= !isMailboxLine;
            return to;
        }
        spacedName |= !isMailboxLine && colon > nameEnd;
        add(
                from - base,
                isMailboxLine ? FieldTable.NO_COLON : colon - base,
                next - base,
                isMailboxLine ? 0 : HeaderName.find(name, length));
        headerBytes = next - base;
        return next;
    }

    /** A line that is no field: blank, the dot line, or text. */
    private int endAt(ByteBuf in, int from, int to, int nameEnd, int length) {
        boolean isDot = length == 1 && in.getByte(from) == '.';
        if (in.getByte(nameEnd) != '\r' || length > 0 && !isDot) {
            return stop(from, End.END_WITHOUT_BLANK_LINE);
        }
        if (nameEnd + 1 == to) {
            return to;
        }
        boolean isBlank = length == 0 && in.getByte(nameEnd + 1) == '\n';
        end = End.END;
        textOffset = (isBlank ? nameEnd + 2 : from) - base;
        return from;
    }

    /** Where the next field begins; -1 when this one may go on behind the bytes that are there. */
    private static int fieldEnd(ByteBuf in, int from, int to) {
        int at = from;
        do {
            int lineFeed = in.indexOf(at, to, (byte) '\n');
            if (lineFeed < 0 || lineFeed + 1 == to) {
                return -1;
            }
            at = lineFeed + 1;
        } while (in.getByte(at) == ' ' || in.getByte(at) == '\t');
        return at;
    }

    private void add(int from, int colon, int to, int bits) {
        ensureOrder();
        order[count++] = fields.add(from, colon, to, bits);
    }

    private void ensureOrder() {
        if (count == order.length) {
            order = Arrays.copyOf(order, count * 2);
        }
    }

    /** The header lies there now, from its reader index on: bytes up to {@link #textOffset} at least. */
    public void moveTo(ByteBuf other) {
        source = other;
        base = other.readerIndex();
    }

    public End end() {
        return end;
    }

    /** Of the fields as they came, with their line ends. */
    public int headerBytes() {
        return headerBytes;
    }

    /**
     * Bytes from the start of the message up to its text: behind the blank line, if there is one; before the final dot line
     * or the line that ended the header. Without an end, up to which the fields are whole.
     */
    public int textOffset() {
        return textOffset;
    }

    /** The message starts with the separator of a mbox file, which is the first in the list and has no name. */
    public boolean hasMailboxLine() {
        return mailboxLine;
    }

    /** A field came with white space between name and colon, which RFC 5322 §4.5 asks to read and not to write. */
    public boolean hasSpacedName() {
        return spacedName;
    }

    // Asking. --------------------------------------------------------------------------------------------------------

    public int count() {
        return count;
    }

    /** Fields at the start of the list that were put there with {@link #putOnTop}: what came with the message follows. */
    public int topCount() {
        return topCount;
    }

    /** Whether any field has one of the names. {@code names}: of {@link HeaderName}. */
    public boolean has(int names) {
        return find(names, 0) >= 0;
    }

    /** The index of the next such field from an index on; -1 when there is none. */
    public int find(int names, int from) {
        for (int i = from; i < count; i++) {
            if ((fields.bits(order[i]) & names) != 0) {
                return i;
            }
        }
        return -1;
    }

    /** As {@link #find(int, int)}, by any name, its case aside. */
    public int find(String wanted, int from) {
        for (int i = from; i < count; i++) {
            if (name(i).equalsIgnoreCase(wanted)) {
                return i;
            }
        }
        return -1;
    }

    /** For the loop check (RFC 5321 §6.3). */
    public int receivedCount() {
        int received = 0;
        for (int i = find(HeaderName.RECEIVED, 0); i >= 0; i = find(HeaderName.RECEIVED, i + 1)) {
            received++;
        }
        return received;
    }

    /** Whether its name is one of these. */
    public boolean is(int index, int names) {
        return (fields.bits(order[index]) & names) != 0;
    }

    /** As it is written; empty for the separator of a mbox file. */
    public String name(int index) {
        int field = order[index];
        if (fields.colon(field) == FieldTable.NO_COLON) {
            return "";
        }
        ByteBuf in = bytesOf(field);
        int from = offset(field) + fields.from(field);
        return in.toString(from, nameEnd(index) - from, StandardCharsets.UTF_8);
    }

    /** What follows the colon, folds and all, without the line end behind it. */
    public String value(int index) {
        int from = valueStart(index);
        return bytes(index).toString(from, lineEnd(index) - from, StandardCharsets.UTF_8);
    }

    /** Where the line end of the field's last line begins. */
    public int lineEnd(int index) {
        int at = end(index) - 1;
        return at > start(index) && bytes(index).getByte(at - 1) == '\r' ? at - 1 : at;
    }

    /** The buffer in which the field lies, for the positions that follow. */
    public ByteBuf bytes(int index) {
        return bytesOf(order[index]);
    }

    public int start(int index) {
        return offset(order[index]) + fields.from(order[index]);
    }

    /** Behind the name; white space may follow before the colon. */
    public int nameEnd(int index) {
        ByteBuf in = bytes(index);
        int at = colon(index);
        int from = start(index);
        while (at > from && (in.getByte(at - 1) == ' ' || in.getByte(at - 1) == '\t')) {
            at--;
        }
        return at;
    }

    /** Where the colon is; of the separator of a mbox file its start. */
    public int colon(int index) {
        int field = order[index];
        int colon = fields.colon(field);
        return offset(field) + (colon == FieldTable.NO_COLON ? fields.from(field) : colon);
    }

    /** Behind the colon. */
    public int valueStart(int index) {
        boolean hasColon = fields.colon(order[index]) != FieldTable.NO_COLON;
        return colon(index) + (hasColon ? 1 : 0);
    }

    /** Behind the line end of the field's last line. */
    public int end(int index) {
        return offset(order[index]) + fields.to(order[index]);
    }

    private ByteBuf bytesOf(int field) {
        return field < sourceCount ? source : fresh;
    }

    private int offset(int field) {
        return field < sourceCount ? base : 0;
    }

    /** The value of the first Message-ID, unfolded, for the log; null when there is none or it is empty. */
    public @Nullable String messageId() {
        int index = find(HeaderName.MESSAGE_ID, 0);
        return index < 0 ? null : MessageIdText.of(bytes(index), valueStart(index), end(index), MESSAGE_ID_BYTES_MAX);
    }

    // Changing. ------------------------------------------------------------------------------------------------------

    /**
     * Where the next new field is written, its name first and its CRLF last, in the stored wire form; one of the {@code put}
     * methods that follows says where it goes.
     */
    public ByteBuf newField() {
        fresh.writerIndex(begunAt);
        return fresh;
    }

    /** The new field goes first, but below those that were put on top before. */
    public void putOnTop() {
        put(topCount);
        topCount++;
    }

    public void putLast() {
        put(count);
    }

    /** The new field takes the place of that index; what was there moves behind it. */
    public void put(int index) {
        int field = finishField();
        ensureOrder();
        System.arraycopy(order, index, order, index + 1, count - index);
        order[index] = field;
        count++;
        if (index < topCount) {
            topCount++;
        }
    }

    public void putInPlaceOf(int index) {
        order[index] = finishField();
    }

    public void remove(int index) {
        System.arraycopy(order, index + 1, order, index, count - index - 1);
        count--;
        if (index < topCount) {
            topCount--;
        }
    }

    private int finishField() {
        int from = begunAt;
        int to = fresh.writerIndex();
        int colon = fresh.indexOf(from, to, (byte) ':');
        if (colon <= from || fresh.getShort(to - 2) != CRLF) {
            throw new IllegalStateException(
                    "not a header field: " + fresh.toString(from, to - from, StandardCharsets.UTF_8));
        }
        begunAt = to;
        int length = colon - from;
        fresh.getBytes(from, name, 0, Math.min(length, name.length));
        return fields.add(from, colon, to, HeaderName.find(name, length));
    }

    /** A field at that index; {@link #count} is behind the last one. As {@link FieldText} takes them. */
    public void insert(int index, String fieldName, String value) {
        write(fieldName, value);
        put(index);
    }

    /** In front of all others. */
    public void prepend(String fieldName, String value) {
        insert(0, fieldName, value);
    }

    public void append(String fieldName, String value) {
        insert(count, fieldName, value);
    }

    public void replace(int index, String fieldName, String value) {
        write(fieldName, value);
        putInPlaceOf(index);
    }

    private void write(String fieldName, String value) {
        added.write(fieldName, value, newField());
    }

    /** Writes a {@link #newField} in the bytes that it is given in. {@code isSpaced}: with a space behind the colon. */
    public void write(byte[] fieldName, boolean isSpaced, byte[] value) {
        added.writeBytes(fieldName, isSpaced, value, newField());
    }

    /** A value was given that has octets above 127. */
    public boolean addsEightBit() {
        return added.hasEightBit();
    }

    /** A value was given that makes a line of more than 998 octets. */
    public boolean addsLongLine() {
        return added.hasLongLine();
    }

    // Writing. -------------------------------------------------------------------------------------------------------

    /**
     * Appends the header up to the last change in it, and a blank line where it lacks one. Returns from where on, counted from
     * the start of the message, the bytes that came follow as they are.
     */
    public int write(ByteBuf out) {
        int changed = count;
        int kept = sourceCount;
        // Where a blank line is to be put behind the header, no part of it can stay with the text.
        boolean staysInPlace = end != End.END_WITHOUT_BLANK_LINE;
        while (staysInPlace && changed > 0 && kept > 0 && order[changed - 1] == kept - 1) {
            changed--;
            kept--;
        }
        for (int i = 0; i < changed; i++) {
            out.writeBytes(bytes(i), start(i), end(i) - start(i));
        }
        if (end == End.END_WITHOUT_BLANK_LINE) {
            out.writeShort(CRLF);
        }
        return kept < sourceCount ? fields.from(kept) : headerBytes;
    }
}
