// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.postconf;

import dev.stafette.engine.config.syntax.LogicalLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file while it is edited: its logical lines can be replaced, removed or commented out, and what is
 * between and within them - comments, empty lines - stays where it is.
 * Thread: main.
 */
final class EditedText {
    private final List<Line> lines = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> added = new ArrayList<>();

    /** {@code entry}: null for comments and empty lines. */
    private record Line(String text, @Nullable Entry entry) {}

    /** A logical line and what becomes of it. */
    static final class Entry {
        private final StringBuilder text;
        private @Nullable String replacement;
        private boolean isRemoved;
        private boolean isCommented;

        private Entry(String first) {
            this.text = new StringBuilder(first);
        }

        /** With its continuations, without the comments in between. */
        String text() {
            return text.toString();
        }

        /** May be of several lines. */
        void replaceBy(String newText) {
            replacement = newText;
        }

        void remove() {
            isRemoved = true;
        }

        void commentOut() {
            isCommented = true;
        }
    }

    EditedText(String text) {
        int from = 0;
        @Nullable Entry current = null;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            String line = text.substring(from, end < 0 ? text.length() : end);
            from += line.length() + 1;
            String trimmed = LogicalLine.trim(line);
            boolean isContinuation = !line.isEmpty() && LogicalLine.isSpace(line.charAt(0));
            if (trimmed.isEmpty() || trimmed.charAt(0) == '#' || isContinuation && current == null) {
                lines.add(new Line(line, null));
            } else if (isContinuation && current != null) {
                current.text.append(line);
                lines.add(new Line(line, current));
            } else {
                current = new Entry(line);
                entries.add(current);
                lines.add(new Line(line, current));
            }
        }
    }

    /** In the order of the file. */
    List<Entry> entries() {
        return entries;
    }

    /** At the end of the file. */
    void add(String text) {
        added.add(text);
    }

    /** The file as it shall be. */
    String text() {
        StringBuilder out = new StringBuilder(8192);
        @Nullable Entry done = null;
        for (Line line : lines) {
            Entry entry = line.entry();
            if (entry == null) {
                out.append(line.text()).append('\n');
            } else if (entry.isCommented) {
                out.append('#').append(line.text()).append('\n');
            } else if (!entry.isRemoved && entry.replacement == null) {
                out.append(line.text()).append('\n');
            } else if (!entry.isRemoved && entry != done) {
                out.append(entry.replacement).append('\n');
                done = entry;
            }
        }
        for (String text : added) {
            out.append(text).append('\n');
        }
        return out.toString();
    }
}
