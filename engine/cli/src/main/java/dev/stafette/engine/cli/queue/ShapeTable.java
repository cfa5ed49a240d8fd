// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.queue;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of {@code qshape}: a row for each domain, the largest first, a column for each age.
 * Thread: main.
 */
final class ShapeTable {
    private static final String TOTAL = "TOTAL";
    private static final String NULL_SENDER = "MAILER-DAEMON";

    /** However narrow the terminal is. */
    private static final int NAME_WIDTH_MIN = 18;

    private static final int COUNT_WIDTH_MIN = 3;

    private final Layout layout;
    private final long[] totals;
    private final Map<String, long[]> rows = new HashMap<>();
    private final Map<String, Integer> subdomains = new HashMap<>();

    /** What the flags say. */
    static final class Layout {
        private static final int INTERACTIVE_ROWS = 20;

        private int columns = 10;
        private double minutes = 5;
        private int width = 80;
        private int subdomainsMin = 5;
        private int rowsMax = INTERACTIVE_ROWS;
        private boolean linear;
        private boolean parents;
        private boolean senders;

        /** A value that makes no sense changes nothing, as in Postfix. */
        void set(char letter, String value) {
            double number = numberOf(value);
            switch (letter) {
                case 'l' -> linear = true;
                case 'p' -> parents = true;
                case 's' -> senders = true;
                case 'w' -> width = number > 80 ? (int) number : width;
                case 'b' -> columns = number >= 1 ? (int) number : columns;
                case 't' -> minutes = number > 0 ? number : minutes;
                case 'm' -> subdomainsMin = number > 0 ? (int) number : subdomainsMin;
                default -> rowsMax = (int) number;
            }
        }

        private static double numberOf(String value) {
            try {
                return Double.parseDouble(value);
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        /** Nothing is cut off that is not shown on a terminal. */
        void limitRows(boolean interactive) {
            rowsMax = interactive && rowsMax > 0 ? rowsMax : Integer.MAX_VALUE;
        }

        boolean countsSenders() {
            return senders;
        }

        /** Where each column but the last ends. */
        List<Long> limitsSeconds() {
            List<Long> limits = new ArrayList<>();
            double at = 0;
            for (int i = 1; i < columns; i++) {
                at += at > 0 && !linear ? at : minutes;
                limits.add((long) (at * 60));
            }
            return limits;
        }

        private List<String> heads() {
            List<String> heads = new ArrayList<>();
            heads.add("T");
            double at = 0;
            for (int i = 1; i < columns; i++) {
                at += at > 0 && !linear ? at : minutes;
                heads.add(text(at));
            }
            heads.add(text(at) + "+");
            return heads;
        }

        private static String text(double number) {
            return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
        }
    }

    ShapeTable(Layout layout) {
        this.layout = layout;
        this.totals = new long[layout.columns + 1];
    }

    /** {@code counts}: one for each age. */
    void add(String domain, List<Long> counts) {
        long[] row = new long[layout.columns + 1];
        for (int i = 0; i < counts.size() && i < layout.columns; i++) {
            row[i + 1] = counts.get(i);
            row[0] += row[i + 1];
        }
        if (row[0] == 0) {
            return;
        }
        for (int i = 0; i < totals.length; i++) {
            totals[i] += row[i];
        }
        String name = domain.isEmpty() ? NULL_SENDER : domain;
        boolean isNew = sum(name, row);
        for (String parent = parentOf(name); layout.parents && !parent.isEmpty(); parent = parentOf(parent)) {
            if (isNew) {
                subdomains.merge(parent, 1, Integer::sum);
            }
            isNew = sum(parent, row);
        }
    }

    private boolean sum(String name, long[] row) {
        long[] sum = rows.get(name);
        if (sum == null) {
            rows.put(name, row.clone());
            return true;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += row[i];
        }
        return false;
    }

    /** With a dot in front; empty for what is below no more than a top level. */
    private static String parentOf(String name) {
        int dot = name.indexOf('.', 1);
        return dot > 0 && name.indexOf('.', dot + 1) > 0 ? name.substring(dot) : "";
    }

    void print(PrintStream out) {
        List<String> heads = layout.heads();
        int[] widths = new int[heads.size()];
        int nameWidth = layout.width;
        for (int i = 0; i < widths.length; i++) {
            int length =
                    Math.max(Long.toString(totals[i]).length(), heads.get(i).length());
            widths[i] = length >= COUNT_WIDTH_MIN ? length + 1 : COUNT_WIDTH_MIN;
            nameWidth -= widths[i];
        }
        nameWidth = Math.max(nameWidth, NAME_WIDTH_MIN);
        out.print(line("", heads, nameWidth, widths));
        for (Map.Entry<String, long[]> row : sorted()) {
            List<String> counts = new ArrayList<>(widths.length);
            for (long count : row.getValue()) {
                counts.add(Long.toString(count));
            }
            out.print(line(row.getKey(), counts, nameWidth, widths));
        }
    }

    private List<Map.Entry<String, long[]>> sorted() {
        List<Map.Entry<String, long[]>> all = new ArrayList<>(rows.entrySet());
        all.removeIf(
                row -> row.getKey().startsWith(".") && subdomains.getOrDefault(row.getKey(), 0) < layout.subdomainsMin);
        all.add(Map.entry(TOTAL, totals));
        all.sort(Comparator.comparingLong((Map.Entry<String, long[]> row) -> -row.getValue()[0])
                .thenComparingInt(row -> row.getKey().length())
                .thenComparing(Map.Entry::getKey));
        return all.subList(0, Math.min(all.size(), layout.rowsMax));
    }

    private static String line(String name, List<String> columns, int nameWidth, int[] widths) {
        StringBuilder line = new StringBuilder(100);
        int length = name.length();
        if (length > nameWidth) {
            boolean isParent = name.startsWith(".");
            line.append(isParent ? ".+" : "+").append(name, length - nameWidth + (isParent ? 2 : 1), length);
        } else {
            line.append(" ".repeat(nameWidth - length)).append(name);
        }
        for (int i = 0; i < widths.length; i++) {
            String text = columns.get(i);
            line.append(" ".repeat(Math.max(0, widths[i] - text.length()))).append(text);
        }
        return line.append('\n').toString();
    }
}
