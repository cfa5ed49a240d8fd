// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.spf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Text with macros (RFC 7208 §7).
 * Thread: any (it does not change).
 *
 * <pre>
 * %{i} %{d2} %{l1r-} %{S}          letter, parts to keep, reversed, delimiters; upper case: escaped as in a URL
 * %% %_ %-                         a percent sign, a space, an escaped space
 * </pre>
 */
public final class MacroText {
    /** RFC 7208 §7.3: longer names lose labels at the left. */
    private static final int NAME_LENGTH_MAX = 253;

    private static final String LETTERS = "slodiphv";
    /** RFC 7208 §7.2: only where people read it. */
    private static final String LETTERS_OF_EXPLANATIONS = LETTERS + "crt";

    private static final String DELIMITERS = ".-+,/_=";
    private static final String UNRESERVED = "-._~";

    /** More than any name has. */
    private static final int PARTS_MAX = 127;

    private final List<Piece> pieces;

    private MacroText(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /** What letters stand for. */
    public interface Values {
        /** {@code letter}: in lower case. */
        String of(char letter);
    }

    /**
     * Literal text, or a macro.
     *
     * @param text of a literal; the delimiters of a macro
     * @param letter 0: a literal
     * @param partsKept from the right; 0: all
     */
    private record Piece(String text, char letter, int partsKept, boolean isReversed) {}

    /** Null: it does not fit the grammar. */
    static @Nullable MacroText parse(String text) {
        return parse(text, LETTERS);
    }

    /** The text of an explanation, which may have more macros, and spaces; null: it does not fit the grammar. */
    public static @Nullable MacroText parseExplanation(String text) {
        return parse(text, LETTERS_OF_EXPLANATIONS + ' ');
    }

    /** A name with macros (domain-spec); null: it does not fit the grammar. */
    static @Nullable MacroText parseDomain(String text) {
        return endsLikeDomain(text) ? parse(text, LETTERS) : null;
    }

    /** In a label that can be a top-level domain, or in a macro. */
    private static boolean endsLikeDomain(String text) {
        int brace = text.lastIndexOf('}');
        if (brace >= 0 && brace == text.length() - 1) {
            return true;
        }
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int dot = name.lastIndexOf('.');
        return dot >= 0 && isTopLabel(name.substring(dot + 1));
    }

    private static boolean isTopLabel(String label) {
        return label.matches("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?") && !label.matches("[0-9]+");
    }

    private static @Nullable MacroText parse(String text, String letters) {
        boolean spaces = letters.endsWith(" ");
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c != '%') {
                if (c > '~' || c < ' ' || c == ' ' && !spaces) {
                    return null;
                }
                literal.append(c);
                continue;
            }
            at++;
            char kind = at < text.length() ? text.charAt(at) : 0;
            switch (kind) {
                case '%' -> literal.append('%');
                case '_' -> literal.append(' ');
                case '-' -> literal.append("%20");
                case '{' -> {
                    int end = text.indexOf('}', at);
                    Piece macro = end < 0 ? null : macro(text.substring(at + 1, end), letters.trim());
                    if (macro == null) {
                        return null;
                    }
                    addLiteral(literal, pieces);
                    pieces.add(macro);
                    at = end;
                }
                default -> {
                    return null;
                }
            }
        }
        addLiteral(literal, pieces);
        return new MacroText(pieces);
    }

    private static void addLiteral(StringBuilder literal, List<Piece> pieces) {
        if (literal.length() > 0) {
            pieces.add(new Piece(literal.toString(), (char) 0, 0, false));
            literal.setLength(0);
        }
    }

    private static @Nullable Piece macro(String text, String letters) {
        if (text.isEmpty() || letters.indexOf(Character.toLowerCase(text.charAt(0))) < 0) {
            return null;
        }
        int at = 1;
        int parts = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            parts = Math.min(parts * 10 + text.charAt(at) - '0', PARTS_MAX);
            at++;
        }
        if (at > 1 && parts == 0) {
            return null;
        }
        boolean isReversed = at < text.length() && (text.charAt(at) == 'r' || text.charAt(at) == 'R');
        String delimiters = text.substring(isReversed ? at + 1 : at);
        for (int i = 0; i < delimiters.length(); i++) {
            if (DELIMITERS.indexOf(delimiters.charAt(i)) < 0) {
                return null;
            }
        }
        return new Piece(delimiters.isEmpty() ? "." : delimiters, text.charAt(0), parts, isReversed);
    }

    public String expand(Values values) {
        StringBuilder out = new StringBuilder();
        for (Piece piece : pieces) {
            out.append(piece.letter() == 0 ? piece.text() : expand(piece, values));
        }
        return out.toString();
    }

    /** As a name in the DNS: without a final dot, and not longer than one can be. */
    public String expandName(Values values) {
        String name = expand(values);
        while (name.length() > NAME_LENGTH_MAX && name.indexOf('.') >= 0) {
            name = name.substring(name.indexOf('.') + 1);
        }
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static String expand(Piece piece, Values values) {
        char letter = piece.letter();
        String value = values.of(Character.toLowerCase(letter));
        if (piece.partsKept() > 0 || piece.isReversed() || !piece.text().equals(".")) {
            value = transformed(value, piece);
        }
        return Character.isUpperCase(letter) ? escaped(value) : value;
    }

    private static String transformed(String value, Piece piece) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= value.length(); i++) {
            if (i == value.length() || piece.text().indexOf(value.charAt(i)) >= 0) {
                parts.add(value.substring(from, i));
                from = i + 1;
            }
        }
        if (piece.isReversed()) {
            Collections.reverse(parts);
        }
        int kept = piece.partsKept() == 0 ? parts.size() : Math.min(piece.partsKept(), parts.size());
        return String.join(".", parts.subList(parts.size() - kept, parts.size()));
    }

    private static String escaped(String value) {
        StringBuilder out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (plain || UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(String.format(Locale.ROOT, "%02X", b));
            }
        }
        return out.toString();
    }
}
