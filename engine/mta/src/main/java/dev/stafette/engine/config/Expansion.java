// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.ConfigWords;
import dev.stafette.engine.config.syntax.LogicalLine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The language of {@code $} in values.
 * Thread: any (stateless but for one call).
 *
 * <pre>
 * $name ${name} $(name)       the value, itself expanded; empty when there is none
 * ${name?text} ${name:text}   text if the value is not empty / is empty; else nothing
 * ${name?{a}:{b}}             either
 * ${{x} op {y}}               "true" or nothing
 * ${{x} op {y} ? {a} : {b}}   either; op is one of == != &lt; &lt;= &gt; &gt;=, numeric when both sides are digits, or one of
 *                             ==level !=level &lt;level &lt;=level &gt;level &gt;=level, which compare 3.6 and 3.10 by component
 * ${function{text}}           what an {@link ExpansionFunction} makes of the text
 * $$                          a dollar sign
 * </pre>
 *
 * Whether a value is empty is asked of its text before expansion, as Postfix does. What is wrong is found from left to
 * right, in Postfix's words; a branch that is not taken is not looked at.
 */
public final class Expansion {
    /** Postfix's limit of nested references. */
    private static final int NESTING_MAX = 100;

    /** Ours: values that double with each reference would otherwise fill the memory. */
    private static final int LENGTH_MAX = 1 << 20;

    /** Ours: and these would fill the time, even if they are empty. */
    private static final int REFERENCES_MAX = 100_000;

    private final @Nullable Names names;
    private final @Nullable ReferenceSink sink;
    private final List<String> mistakes;
    private final StringBuilder out = new StringBuilder();
    private boolean failed;
    private int nesting;
    private int references;

    /** What a name stands for, unexpanded; null when it has no value. */
    public interface Names {
        @Nullable
        String valueOf(String name);

        /** What stands for a plain reference to a name that has no value. */
        default String ofUndefined(String name) {
            return "";
        }

        /** Whether a character of all these texts is a byte of their UTF-8. */
        default boolean areBytes() {
            return false;
        }
    }

    /** Told of each name that a text refers to. */
    public interface ReferenceSink {
        void onReference(String name);
    }

    private Expansion(@Nullable Names names, @Nullable ReferenceSink sink, List<String> mistakes) {
        this.names = names;
        this.sink = sink;
        this.mistakes = mistakes;
    }

    /** Throws a {@link ConfigException} with the first mistake in the text, without its origin. */
    public static String expand(String text, Names names) {
        List<String> mistakes = new ArrayList<>();
        String value = expand(text, names, mistakes);
        if (value == null) {
            throw new ConfigException(mistakes.get(0));
        }
        return value;
    }

    /** Null for a text that is wrong: all that is wrong with it is added to {@code mistakes}. */
    public static @Nullable String expand(String text, Names names, List<String> mistakes) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        Expansion expansion = new Expansion(names, null, mistakes);
        return expansion.parse(text) ? expansion.out.toString() : null;
    }

    /**
     * Names every reference of the text, those of all branches too, without following them, up to the first mistake;
     * mistakes are added to {@code mistakes}.
     */
    public static void scan(String text, ReferenceSink sink, List<String> mistakes) {
        if (text.indexOf('$') >= 0) {
            new Expansion(null, sink, mistakes).parse(text);
        }
    }

    private boolean mistake(String what) {
        mistakes.add(what);
        failed = true;
        return false;
    }

    /** Returns false when something is wrong with it. */
    private boolean parse(String text) {
        boolean isGood = true;
        int at = 0;
        StringBuilder literal = new StringBuilder();
        while (at < text.length()) {
            int dollar = text.indexOf('$', at);
            literal.append(text, at, dollar < 0 ? text.length() : dollar);
            if (dollar < 0) {
                break;
            }
            int from = dollar + 1;
            if (isAt(text, from, '$')) {
                literal.append('$');
                at = from + 1;
                continue;
            }
            isGood &= takeLiteral(literal);
            int end = endOfReference(text, from);
            if (end < 0) {
                return mistake("truncated macro reference: \"" + text + "\"");
            }
            boolean isBracketed = isAt(text, from, '{') || isAt(text, from, '(');
            if (isBracketed && !isGood) {
                return false;
            }
            String body = isBracketed ? text.substring(from + 1, end - 1) : text.substring(from, end);
            if (body.isEmpty()) {
                return mistake("empty macro name: \"" + text + "\"");
            }
            isGood &= takeReference(body);
            at = end;
        }
        return isGood && takeLiteral(literal);
    }

    private static boolean isAt(String text, int index, char c) {
        return index < text.length() && text.charAt(index) == c;
    }

    /** Behind the name, which may be empty, or the closing bracket; negative when it is not closed. */
    private static int endOfReference(String text, int from) {
        int end = from;
        if (isAt(text, from, '{') || isAt(text, from, '(')) {
            char open = text.charAt(from);
            int close = ConfigWords.closing(text, from, open, open == '{' ? '}' : ')');
            return close < 0 ? close : close + 1;
        }
        while (end < text.length() && isNameChar(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Whether all is well so far; {@code token} stands in the message. */
    private boolean enter(String token) {
        if (nesting++ > NESTING_MAX || ++references > REFERENCES_MAX) {
            mistake("unreasonable macro call nesting: \"" + token + "\"");
        }
        return !failed;
    }

    private boolean takeLiteral(StringBuilder literal) {
        if (literal.length() == 0) {
            return true;
        }
        if (!enter(literal.toString())) {
            return false;
        }
        nesting--;
        out.append(literal);
        literal.setLength(0);
        return out.length() <= LENGTH_MAX || mistake("value longer than " + LENGTH_MAX + " after expansion");
    }

    private boolean takeReference(String text) {
        if (!enter(text)) {
            return false;
        }
        try {
            evaluate(new ReferenceBody(text));
        } catch (ConfigException e) {
            return mistake(String.valueOf(e.getMessage()));
        }
        nesting--;
        return !failed;
    }

    private void evaluate(ReferenceBody body) {
        @Nullable String value;
        if (body.isAtBrace()) {
            Boolean holds = compare(body);
            if (holds == null) {
                return;
            }
            value = holds ? "true" : "";
            body.checkChoice();
        } else {
            String name = body.name();
            if (body.isAtBrace()) {
                call(name, body);
                return;
            }
            value = valueOf(name);
            if (value == null && names != null && body.isAtEnd()) {
                out.append(names.ofUndefined(name));
            }
        }
        if (body.isAtEnd()) {
            if (value != null && !value.isEmpty() && sink == null) {
                parseInner(value);
            }
            return;
        }
        choose(body, value != null && !value.isEmpty());
    }

    private void call(String function, ReferenceBody body) {
        String argument = operand(LogicalLine.trim(body.bracedTextOrRest()));
        if (!body.isAtEnd()) {
            throw body.unexpected("unexpected input", function + "{" + argument);
        }
        if (names == null || failed) {
            return;
        }
        if (!names.areBytes()) {
            out.append(ExpansionFunction.call(function, argument));
            return;
        }
        String text = new String(argument.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        byte[] result = ExpansionFunction.call(function, text).getBytes(StandardCharsets.UTF_8);
        out.append(new String(result, StandardCharsets.ISO_8859_1));
    }

    private @Nullable String valueOf(String name) {
        if (sink != null) {
            sink.onReference(name);
        }
        return names == null ? null : names.valueOf(name);
    }

    private void parseInner(String text) {
        failed |= !parse(text);
    }

    private void choose(ReferenceBody body, boolean holds) {
        if (body.take('?')) {
            String whenTrue = body.bracedTextOrRest();
            if (holds || sink != null) {
                parseInner(whenTrue);
            }
            if (body.isAtEnd()) {
                return;
            }
            if (!body.take(':')) {
                throw body.unexpected("\":\" expected", whenTrue);
            }
        } else {
            body.take(':');
        }
        String whenFalse = body.bracedTextOrRest();
        if (!holds || sink != null) {
            parseInner(whenFalse);
        }
        if (!body.isAtEnd()) {
            throw body.unexpected("unexpected input", whenFalse);
        }
    }

    /** Null when something is wrong with it, which has been said. */
    private @Nullable Boolean compare(ReferenceBody body) {
        ReferenceBody.Comparison comparison = body.comparison();
        String left = operand(comparison.left());
        String right = operand(comparison.right());
        boolean holds = sink == null && comparison.holds(left, right);
        return failed ? null : holds;
    }

    private String operand(String text) {
        Expansion operand = new Expansion(names, sink, mistakes);
        operand.nesting = nesting;
        operand.references = references;
        failed |= !operand.parse(text);
        references = operand.references;
        return operand.out.toString();
    }

    /** Of a text with C's {@code \t} and octal numbers, such as a set of characters. */
    public static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(++i);
            int digits = 0;
            while (digits < 3
                    && i + digits < text.length()
                    && text.charAt(i + digits) >= '0'
                    && text.charAt(i + digits) <= '7') {
                digits++;
            }
            if (digits > 0) {
                out.append((char) Integer.parseInt(text.substring(i, i + digits), 8));
                i += digits - 1;
            } else {
                out.append(
                        switch (next) {
                            case 't' -> '\t';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> next;
                        });
            }
        }
        return out.toString();
    }

    static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
