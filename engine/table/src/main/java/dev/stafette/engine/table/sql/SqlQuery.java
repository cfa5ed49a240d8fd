// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.sql;

import dev.stafette.engine.table.server.KeyTemplate;
import dev.stafette.engine.table.server.KeyTemplate.Piece;
import dev.stafette.engine.table.server.LookupKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query template as a prepared statement: each quoted literal that has an expansion in it becomes a parameter, so that a
 * key is never read as SQL.
 * Thread: any (a value).
 *
 * <p>{@code WHERE a = '%u' AND d LIKE '%%.%d'} becomes {@code WHERE a = ? AND d LIKE ?} with the values {@code user} and
 * {@code %.example.com}. An expansion outside of quotes stays in the text, for the names of tables and for numbers, and
 * takes letters, digits, {@code _} and {@code .} only: a key with anything else cannot be asked for.
 */
final class SqlQuery {
    private final KeyTemplate template;
    private final List<Part> parts;

    /** What the statement's text has at one place. */
    private sealed interface Part {
        record Text(String sql) implements Part {}

        record Bare(char what) implements Part {}

        record Parameter(List<Piece> pieces) implements Part {}
    }

    /** {@code sql} null: the key cannot stand in it. */
    record Bound(@Nullable String sql, List<String> parameters) {}

    private SqlQuery(KeyTemplate template, List<Part> parts) {
        this.template = template;
        this.parts = parts;
    }

    static SqlQuery of(KeyTemplate template, SqlDialect dialect) {
        return new SqlQuery(template, new Scan(template, dialect).run());
    }

    boolean isMetBy(LookupKey key) {
        return template.isMetBy(key);
    }

    Bound bind(LookupKey key) {
        StringBuilder sql = new StringBuilder();
        List<String> parameters = new ArrayList<>();
        for (Part part : parts) {
            if (part instanceof Part.Text text) {
                sql.append(text.sql());
            } else if (part instanceof Part.Bare bare) {
                String value = KeyTemplate.valueOf(bare.what(), key);
                if (!value.chars().allMatch(SqlQuery::isPlain)) {
                    return new Bound(null, List.of());
                }
                sql.append(value);
            } else if (part instanceof Part.Parameter parameter) {
                sql.append('?');
                StringBuilder value = new StringBuilder();
                for (Piece piece : parameter.pieces()) {
                    value.append(
                            piece.what() == Piece.LITERAL ? piece.literal() : KeyTemplate.valueOf(piece.what(), key));
                }
                parameters.add(value.toString());
            }
        }
        return new Bound(sql.toString(), parameters);
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.';
    }

    /** Finds the quoted literals. */
    private static final class Scan {
        private static final char OUTSIDE = 0;

        private final KeyTemplate template;
        private final SqlDialect dialect;
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        /** The quote we are inside of, or OUTSIDE. */
        private char quote = OUTSIDE;

        private boolean backslashEscapes;

        /** Where in {@code text} the literal's opening quote (or its prefix) stands. */
        private int literalStart;

        /** The literal as it is written, and decoded. */
        private final StringBuilder decoded = new StringBuilder();

        private final List<Piece> pieces = new ArrayList<>();
        private boolean hasExpansion;

        /** In a literal: the last character was a quote or a backslash, and the next one tells what it meant. */
        private char pending = OUTSIDE;

        Scan(KeyTemplate template, SqlDialect dialect) {
            this.template = template;
            this.dialect = dialect;
        }

        List<Part> run() {
            for (Piece piece : template.pieces()) {
                if (piece.what() == Piece.LITERAL) {
                    piece.literal().chars().forEach(c -> step((char) c));
                } else {
                    expansion(piece);
                }
            }
            endPending();
            // A literal that is not closed is the server's to complain about.
            flushText();
            return parts;
        }

        private void expansion(Piece piece) {
            endPending();
            if (quote == OUTSIDE || !dialect.isLiteralQuote(quote)) {
                flushText();
                parts.add(new Part.Bare(piece.what()));
                return;
            }
            flushDecoded();
            pieces.add(piece);
            hasExpansion = true;
        }

        private void step(char c) {
            if (quote == OUTSIDE) {
                if (dialect.isLiteralQuote(c) || dialect.isNameQuote(c)) {
                    open(c);
                }
                appendText(c);
                return;
            }
            if (pending == '\\') {
                pending = OUTSIDE;
                decoded.append(unescape(c));
                text.append(c);
                return;
            }
            if (pending == quote) {
                pending = OUTSIDE;
                if (c == quote) {
                    decoded.append(c);
                    text.append(c);
                    return;
                }
                close();
                step(c);
                return;
            }
            text.append(c);
            if (c == quote || c == '\\' && backslashEscapes) {
                pending = c;
            } else {
                decoded.append(c);
            }
        }

        private void appendText(char c) {
            text.append(c);
            if (c == '?' && dialect.doublesQuestionMarks()) {
                text.append(c);
            }
        }

        private void open(char c) {
            quote = c;
            boolean prefixed = dialect == SqlDialect.PGSQL && text.length() > 0 && isEscapePrefix();
            backslashEscapes = dialect.isLiteralQuote(c) && (dialect == SqlDialect.MYSQL || prefixed);
            literalStart = prefixed ? text.length() - 1 : text.length();
        }

        /** {@code E'…'}, and not a name that ends in E. */
        private boolean isEscapePrefix() {
            int last = text.length() - 1;
            return (text.charAt(last) | 0x20) == 'e'
                    && (last == 0 || !Character.isJavaIdentifierPart(text.charAt(last - 1)));
        }

        private void endPending() {
            if (pending != OUTSIDE && pending == quote) {
                close();
            }
            pending = OUTSIDE;
        }

        /** Behind the closing quote. */
        private void close() {
            if (hasExpansion) {
                flushDecoded();
                text.setLength(literalStart);
                flushText();
                parts.add(new Part.Parameter(List.copyOf(pieces)));
            }
            pieces.clear();
            decoded.setLength(0);
            hasExpansion = false;
            quote = OUTSIDE;
            pending = OUTSIDE;
        }

        private void flushDecoded() {
            if (decoded.length() > 0) {
                pieces.add(new Piece(Piece.LITERAL, decoded.toString()));
                decoded.setLength(0);
            }
        }

        private void flushText() {
            if (text.length() > 0) {
                parts.add(new Part.Text(text.toString()));
                text.setLength(0);
            }
        }

        private static String unescape(char c) {
            return switch (c) {
                case 'n' -> "\n";
                case 't' -> "\t";
                case 'r' -> "\r";
                case 'b' -> "\b";
                case '0' -> "\0";
                case '%', '_' -> "\\" + c;
                default -> String.valueOf(c);
            };
        }
    }
}
