// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import java.util.Locale;

/**
 * Unicode's full case folding (CaseFolding.txt, statuses C and F), of which the Java platform has only the parts.
 * Thread: any (stateless).
 */
final class CaseFolding {
    private static final int SMALL_DOTLESS_I = 0x131;
    private static final int CAPITAL_DOTTED_I = 0x130;
    private static final int CAPITAL_SHARP_S = 0x1e9e;

    private CaseFolding() {}

    static String of(String text) {
        StringBuilder folded = new StringBuilder(text.length() + 8);
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            append(c, folded);
        }
        return folded.toString();
    }

    private static void append(int c, StringBuilder folded) {
        switch (c) {
            case SMALL_DOTLESS_I -> folded.appendCodePoint(c);
            case CAPITAL_DOTTED_I -> folded.append("i\u0307");
            case CAPITAL_SHARP_S -> folded.append("ss");
            default -> appendByCapitals(c, folded);
        }
    }

    /** Small letters of capitals of letters, one by one: what is around a letter does not count. */
    private static void appendByCapitals(int c, StringBuilder folded) {
        String capitals = Character.toString(c).toUpperCase(Locale.ROOT);
        for (int i = 0; i < capitals.length(); ) {
            int capital = capitals.codePointAt(i);
            i += Character.charCount(capital);
            // Cherokee had no small letters at first, and so its capitals stay.
            boolean isCherokee = Character.UnicodeBlock.of(capital) == Character.UnicodeBlock.CHEROKEE;
            folded.appendCodePoint(isCherokee ? capital : Character.toLowerCase(capital));
        }
    }
}
