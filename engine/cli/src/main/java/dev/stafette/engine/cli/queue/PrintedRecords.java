// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Prints a message as the records of a Postfix queue file, with the places that they would have in one.
 * Thread: main.
 */
final class PrintedRecords {
    /** Seven bits of a record's length. */
    private static final int LENGTH_MASK = 0x7f;

    private final PrintStream out;
    private final boolean showsOffsets;
    private final boolean showsTypes;
    private final long firstOffset;

    // Where the next record is.
    private long offset;

    /** @param firstOffset records before it are not shown */
    PrintedRecords(PrintStream out, boolean showsOffsets, boolean showsTypes, long firstOffset) {
        this.out = out;
        this.showsOffsets = showsOffsets;
        this.showsTypes = showsTypes;
        this.firstOffset = firstOffset;
    }

    /** @param storedLength of what the file would have in place of {@code text} */
    void put(char type, String prefix, String text, int storedLength, boolean isShown) {
        put(type, prefix, text.getBytes(StandardCharsets.UTF_8), storedLength, isShown);
    }

    void put(char type, String prefix, byte[] text, boolean isShown) {
        put(type, prefix, text, text.length, isShown);
    }

    /** A piece of a line that goes on in the next record; with its place it has a line of its own. */
    void putPiece(char type, byte[] text, boolean isShown) {
        if (isShown && offset >= firstOffset) {
            begin(type);
            out.write(text, 0, text.length);
            out.print(showsOffsets ? "\n" : "");
        }
        offset += sizeBytes(text.length);
    }

    private void put(char type, String prefix, byte[] text, int storedLength, boolean isShown) {
        if (isShown && offset >= firstOffset) {
            begin(type);
            out.print(prefix);
            out.write(text, 0, text.length);
            out.print('\n');
        }
        offset += sizeBytes(storedLength);
    }

    /** A record that separates sections; its file has no text in it. */
    void separator(char type, String section, String path, boolean isShown) {
        if (isShown && offset >= firstOffset) {
            begin(type);
            out.print("*** " + section + ' ' + path + " ***\n");
        }
        offset += sizeBytes(0);
    }

    private void begin(char type) {
        if (showsOffsets) {
            out.print(right(Long.toString(offset), 9) + ' ');
        }
        if (showsTypes) {
            out.print(right(Integer.toString(type), 3) + ' ');
        }
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** Type, length seven bits at a time, text. */
    static int sizeBytes(int length) {
        int size = 2 + length;
        for (int rest = length; rest > LENGTH_MASK; rest >>>= 7) {
            size++;
        }
        return size;
    }
}
