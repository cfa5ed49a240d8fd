// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.MimeFault;
import dev.stafette.codec.message.MimeStructure;
import dev.stafette.codec.message.MimeStructure.Place;
import dev.stafette.engine.table.TableAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Goes through one message, field by field and line by line, asks tables for each, and changes what they want changed. The message
 * may come in pieces; what is kept between them is the boundaries of its parts.
 * Thread: its owner's.
 *
 * <pre>
 * walkHeader … → (walk … → endPiece) … → walk(…, true) → endPiece
 * </pre>
 *
 * <p>Where a table has no answer yet, a walk returns false, and is called again with the same piece when there is one.
 */
public final class ContentWalk {
    /** Answers for tables. Thread: that of the walk. */
    public interface Asker {
        /** Null: not yet. */
        @Nullable
        TableAnswer ask(CheckTables tables, String key);
    }

    private enum Step {
        /** On to the next unit. */
        ON,
        /** The piece ends in this one. */
        NEED_MORE,
        WAIT
    }

    private final ContentRules rules;
    private final ContentLimits limits;
    private final CheckListener listener;
    private final Asker asker;
    private final MimeStructure structure;
    private final PieceEditor editor;
    private final ContentUnit unit;
    private final Supplier<String> shownText;
    private final Set<MimeFault> told = EnumSet.noneOf(MimeFault.class);

    // Owned by the owner.
    private int nextField;
    private boolean over;
    /** The unit has been looked at, but for tables. */
    private boolean prepared;

    private int at;
    private long bodyBytes;
    /** The line before has no end: it was longer than a piece of a line may be. */
    private boolean inLine;
    /** A field is longer than what is looked at: the rest of it shares its fate. */
    private boolean inField;

    private boolean dropsField;

    public ContentWalk(ContentRules rules, CheckListener listener, Asker asker, ByteBufAllocator allocator) {
        this.rules = rules;
        this.limits = rules.limits();
        this.listener = listener;
        this.asker = asker;
        this.structure = new MimeStructure(limits.depth(), limits.boundaryBytes(), this::onFault);
        this.editor = new PieceEditor(allocator);
        this.unit = new ContentUnit(limits, rules.stripped());
        this.shownText = unit::logText;
    }

    private boolean looksFor(MimeFault fault) {
        return rules.faults().contains(fault) && !told.contains(fault);
    }

    private void onFault(MimeFault fault, String content) {
        if (looksFor(fault)) {
            told.add(fault);
            listener.onFault(fault, content);
        }
    }

    /** Nothing more is looked at: what follows passes as it is. */
    public boolean isOver() {
        return over;
    }

    /** The message's own header. False: it waits for a table. */
    public boolean walkHeader(HeaderFields header) {
        while (!over && nextField < header.count()) {
            if (!prepared) {
                unit.load(header, nextField);
                prepareField();
            }
            Edit edit = over ? Edit.KEEP : judge(structure.place());
            if (edit == null) {
                return false;
            }
            prepared = false;
            nextField = HeaderEdits.apply(edit, header, nextField, unit);
            over |= listener.isOver();
        }
        if (!over) {
            endHeader(header.end() == HeaderFields.End.END);
        }
        return true;
    }

    private void endHeader(boolean isBlank) {
        structure.endHeader(isBlank);
        bodyBytes = isBlank ? 1 : 0;
        over |= structure.isPlainBody() && !rules.readsBodies();
    }

    private void prepareField() {
        prepared = true;
        refuseCharacters();
        if (over || !unit.isField()) {
            return;
        }
        unit.joinName();
        if (limits.readsParts()) {
            structure.onField(unit.octets());
        }
        if (looksFor(MimeFault.EIGHT_BIT_HEADER) && !unit.isAscii()) {
            onFault(MimeFault.EIGHT_BIT_HEADER, unit.logText());
        }
    }

    private void refuseCharacters() {
        String line = unit.lineWith(rules.rejected());
        if (line != null) {
            listener.onRejectedCharacter(line);
            over |= listener.isOver();
        }
        unit.strip();
    }

    /** What becomes of the unit; null: a table has not answered. */
    private @Nullable Edit judge(Place place) {
        boolean isBody = place == Place.BODY;
        CheckTables tables = isBody ? rules.body() : unit.isField() ? rules.tablesFor(place, unit.octets()) : null;
        // Postfix asks no table for nothing.
        if (tables == null || unit.isEmpty() || isBody && isBeyondLimit()) {
            return Edit.KEEP;
        }
        String key = unit.text();
        TableAnswer answer = asker.ask(tables, key);
        if (answer == null) {
            return null;
        }
        return listener.onAnswer(isBody ? CheckPart.BODY : CheckPart.HEADER, tables.name(), answer, shownText);
    }

    private boolean isBeyondLimit() {
        return limits.bodyBytes() > 0 && bodyBytes >= limits.bodyBytes();
    }

    // What follows the header. ---------------------------------------------------------------------------------------

    /**
     * The next piece of it, borrowed; {@code isLast}: it ends with the dot line. False: it waits for a table. True: the piece can
     * be had from {@link #endPiece} as far as it is known.
     */
    public boolean walk(ByteBuf in, boolean isLast) {
        Step step = Step.ON;
        while (step == Step.ON && !over) {
            step = at == in.readableBytes() || isDotLine(in) ? Step.NEED_MORE : next(in, isLast);
            over |= listener.isOver();
        }
        if (over) {
            at = in.readableBytes();
        } else if (isLast && step == Step.NEED_MORE) {
            editor.endLine(in, at);
            at = in.readableBytes();
        }
        return step != Step.WAIT;
    }

    /** Bytes from the reader index on that have been looked at. */
    public int walkedBytes() {
        return at;
    }

    /** These bytes go: returns what stands in their place, which is the caller's; null: nothing else. */
    public @Nullable ByteBuf endPiece(ByteBuf in) {
        ByteBuf changed = editor.take(in, at);
        at = 0;
        return changed;
    }

    private boolean isDotLine(ByteBuf in) {
        int start = in.readerIndex() + at;
        return !inLine
                && in.readableBytes() - at >= 3
                && in.getByte(start) == '.'
                && in.getByte(start + 1) == '\r'
                && in.getByte(start + 2) == '\n';
    }

    private Step next(ByteBuf in, boolean isLast) {
        if (structure.place() != Place.BODY) {
            return inField ? restOfField(in, isLast) : field(in, isLast);
        }
        if (!rules.readsBodies() && !inLine && !mayBeBoundary(in)) {
            return skipLine(in, isLast);
        }
        return line(in, isLast);
    }

    private boolean mayBeBoundary(ByteBuf in) {
        int start = in.readerIndex() + at;
        return in.getByte(start) == '-' && (at + 1 == in.readableBytes() || in.getByte(start + 1) == '-');
    }

    private Step skipLine(ByteBuf in, boolean isLast) {
        int end = in.indexOf(in.readerIndex() + at, in.writerIndex(), (byte) '\n') + 1;
        if (end == 0 && !isLast) {
            return skipPiece(in);
        }
        int to = end == 0 ? in.readableBytes() : end - in.readerIndex();
        editor.keep(in, at, to, false, true);
        at = to;
        return Step.ON;
    }

    /** The rest of a long line is looked at as such, so that its dots and hyphens mean nothing. */
    private Step skipPiece(ByteBuf in) {
        return in.readableBytes() - at < limits.lineBytes() ? Step.NEED_MORE : line(in, false);
    }

    private Step line(ByteBuf in, boolean isLast) {
        int to = ContentUnit.lineEnd(in, at, limits.lineBytes(), isLast);
        if (to < 0) {
            return Step.NEED_MORE;
        }
        if (!prepared) {
            unit.load(in, at, to, inLine);
            prepared = true;
            refuseCharacters();
            if (structure.isSevenBit() && looksFor(MimeFault.EIGHT_BIT_BODY) && !unit.isAscii()) {
                onFault(MimeFault.EIGHT_BIT_BODY, unit.logText());
            }
            if (!inLine && limits.readsParts() && unit.isBoundaryOf(structure)) {
                bodyBytes = structure.place() == Place.BODY ? 0 : bodyBytes;
            }
        }
        Edit edit = over ? Edit.KEEP : judge(Place.BODY);
        if (edit == null) {
            return Step.WAIT;
        }
        prepared = false;
        bodyBytes += unit.length() + 1;
        boolean endsLine = in.getByte(in.readerIndex() + to - 1) == '\n';
        edit(edit, in, to, endsLine);
        inLine = !endsLine;
        over |= structure.isPlainBody() && !rules.readsBodies() && !inLine;
        return Step.ON;
    }

    private void edit(Edit edit, ByteBuf in, int to, boolean endsLine) {
        switch (edit.kind()) {
            case DROP -> editor.drop(in, at, to);
            case REPLACE -> {
                byte[] text = unit.encode(edit.text());
                editor.replace(in, at, to, text, text.length, endsLine);
            }
            default -> {
                if (edit.kind() == Edit.Kind.PREPEND) {
                    editor.insert(in, at, unit.encode(edit.text()));
                }
                if (unit.isStripped()) {
                    editor.replace(in, at, to, unit.bytes(), unit.length(), endsLine);
                } else {
                    editor.keep(in, at, to, inLine, endsLine);
                }
            }
        }
        at = to;
    }

    // Headers of parts. ----------------------------------------------------------------------------------------------

    private Step field(ByteBuf in, boolean isLast) {
        int lineEnd = ContentUnit.lineEnd(in, at, limits.fieldBytes(), isLast);
        if (lineEnd < 0) {
            return Step.NEED_MORE;
        }
        if (!prepared) {
            unit.load(in, at, lineEnd, false);
            if (!unit.isField()) {
                boolean isBlank = unit.isEmpty();
                endHeader(isBlank);
                if (isBlank) {
                    editor.keep(in, at, lineEnd, false, true);
                    at = lineEnd;
                }
                return Step.ON;
            }
        }
        int to = ContentUnit.fieldEnd(in, at, lineEnd, limits.fieldBytes(), isLast);
        if (to < 0) {
            return Step.NEED_MORE;
        }
        if (!prepared) {
            unit.load(in, at, to, false);
            prepareField();
        }
        Edit edit = over ? Edit.KEEP : judge(structure.place());
        if (edit == null) {
            return Step.WAIT;
        }
        prepared = false;
        boolean endsLine = in.getByte(in.readerIndex() + to - 1) == '\n';
        edit(edit, in, to, endsLine);
        inLine = !endsLine;
        dropsField = edit.kind() == Edit.Kind.DROP || edit.kind() == Edit.Kind.REPLACE;
        inField = unit.isCut() || inLine;
        return Step.ON;
    }

    private Step restOfField(ByteBuf in, boolean isLast) {
        byte first = in.getByte(in.readerIndex() + at);
        if (!inLine && first != ' ' && first != '\t') {
            inField = false;
            return Step.ON;
        }
        int to = ContentUnit.lineEnd(in, at, limits.lineBytes(), isLast);
        if (to < 0) {
            return Step.NEED_MORE;
        }
        boolean endsLine = in.getByte(in.readerIndex() + to - 1) == '\n';
        if (dropsField) {
            editor.drop(in, at, to);
        } else {
            editor.keep(in, at, to, inLine, endsLine);
        }
        at = to;
        inLine = !endsLine;
        return Step.ON;
    }

    /** A change has put an octet above 127 there. */
    public boolean addsEightBit() {
        return unit.addsEightBit();
    }

    /** A change has made a line of more than 998 octets. */
    public boolean addsLongLine() {
        return unit.addsLongLine();
    }

    /** What has not been taken is not wanted. */
    public void close() {
        editor.close();
    }
}
