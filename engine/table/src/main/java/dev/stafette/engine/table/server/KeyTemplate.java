// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text with {@code %}-expansions, as the sources of database tables have them for queries and for results.
 * Thread: any (a value).
 *
 * <p>In a query, {@code %s} is the lookup key, {@code %u} its local part or all of a key without {@code @}, {@code %d} its
 * domain, {@code %1} to {@code %9} a label of the domain counted from the right, and {@code %%} a percent sign. In a
 * result {@code %s %u %d} are of the value that was found, and {@code %S %U %D %1 … %9} of the key. A key, or a value,
 * that has not got what the template asks for has no expansion at all.
 */
public final class KeyTemplate {
    /** A literal text, or with {@code what} the letter of an expansion. */
    public record Piece(char what, String literal) {
        public static final char LITERAL = 0;
    }

    /** Writes a text into what a query language takes for that text and nothing else. */
    @FunctionalInterface
    public interface Quoting {
        void append(String text, StringBuilder to);
    }

    private final List<Piece> pieces;

    private KeyTemplate(List<Piece> pieces) {
        this.pieces = List.copyOf(pieces);
    }

    /** Throws an {@link IllegalArgumentException} that says what was expected. */
    public static KeyTemplate parse(String text) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                literal.append(c);
                continue;
            }
            char what = ++i < text.length() ? text.charAt(i) : '%';
            if (what == '%') {
                literal.append('%');
                continue;
            }
            if ("sudSUD123456789".indexOf(what) < 0) {
                throw new IllegalArgumentException("%s %u %d %S %U %D %1 to %9 or %%, not %" + what);
            }
            flush(literal, pieces);
            pieces.add(new Piece(what, ""));
        }
        flush(literal, pieces);
        return new KeyTemplate(pieces);
    }

    private static void flush(StringBuilder literal, List<Piece> pieces) {
        if (literal.length() > 0) {
            pieces.add(new Piece(Piece.LITERAL, literal.toString()));
            literal.setLength(0);
        }
    }

    public List<Piece> pieces() {
        return pieces;
    }

    public boolean dependsOnKey() {
        return pieces.stream().anyMatch(piece -> piece.what() != Piece.LITERAL);
    }

    /** Whether a query can be made of the key; if not, nothing is asked and nothing found. */
    public boolean isMetBy(LookupKey key) {
        return pieces.stream().allMatch(piece -> isMet(Character.toLowerCase(piece.what()), key));
    }

    private static boolean isMet(char what, LookupKey key) {
        return switch (what) {
            case Piece.LITERAL -> true;
            case 's' -> !key.text().isEmpty();
            case 'u' -> !key.user().isEmpty();
            case 'd' -> !key.domain().isEmpty();
            default -> key.hasLabels(what - '0');
        };
    }

    /** What one expansion stands for in a query. */
    public static String valueOf(char what, LookupKey key) {
        return switch (Character.toLowerCase(what)) {
            case 's' -> key.text();
            case 'u' -> key.user();
            case 'd' -> key.domain();
            default -> key.label(what - '0');
        };
    }

    /** A query, or null when the key does not have all its parts. */
    @Nullable
    public String expand(LookupKey key, Quoting quoting) {
        if (!isMetBy(key)) {
            return null;
        }
        StringBuilder query = new StringBuilder();
        for (Piece piece : pieces) {
            if (piece.what() == Piece.LITERAL) {
                query.append(piece.literal());
            } else {
                quoting.append(valueOf(piece.what(), key), query);
            }
        }
        return query.toString();
    }

    /** A result, or null when the value or the key does not have all its parts. */
    @Nullable
    String expandResult(LookupKey key, String value) {
        LookupKey found = new LookupKey(value);
        StringBuilder result = new StringBuilder();
        for (Piece piece : pieces) {
            char what = piece.what();
            LookupKey source = what == 's' || what == 'u' || what == 'd' ? found : key;
            if (!isMet(Character.toLowerCase(what), source)) {
                return null;
            }
            result.append(what == Piece.LITERAL ? piece.literal() : valueOf(what, source));
        }
        return result.toString();
    }
}
