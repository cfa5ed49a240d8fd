// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.nio.charset.StandardCharsets;
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
 * Whether a value is empty is asked of its text before expansion, as Postfix does.
 */
public final class Expansion {
    /** Postfix's limit of nested references. */
    private static final int NESTING_MAX = 100;

    /** Ours: values that double with each reference would otherwise fill the memory. */
    private static final int LENGTH_MAX = 1 << 20;

    /** Ours: and these would fill the time, even if they are empty. */
    private static final int REFERENCES_MAX = 100_000;

    /** No lambda: they cost a command's start more than a class does. */
    private static final Names NO_VALUES = new Names() {
        @Override
        public @Nullable String valueOf(String name) {
            return null;
        }
    };

    private final Names names;
    private final @Nullable ReferenceSink sink;
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

    private Expansion(Names names, @Nullable ReferenceSink sink) {
        this.names = names;
        this.sink = sink;
    }

    /** Throws a {@link ConfigException} that says what is wrong with the text, without its origin. */
    public static String expand(String text, Names names) {
        return text.indexOf('$') < 0 ? text : new Expansion(names, null).expand(text);
    }

    /**
     * Names every reference of the text, those of all branches too, without following them; for mistakes in the text it
     * throws what {@link #expand} would.
     */
    public static void scan(String text, ReferenceSink sink) {
        if (text.indexOf('$') >= 0) {
            new Expansion(NO_VALUES, sink).expand(text);
        }
    }

    private String expand(String text) {
        StringBuilder out = new StringBuilder(text.length() + 32);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '$') {
                out.append(c);
                at++;
            } else if (at + 1 < text.length() && text.charAt(at + 1) == '$') {
                out.append('$');
                at += 2;
            } else {
                at = expandReference(text, at + 1, out);
            }
            if (out.length() > LENGTH_MAX) {
                throw new ConfigException("value longer than " + LENGTH_MAX + " after expansion");
            }
        }
        return out.toString();
    }

    /** Returns where the text goes on behind the reference whose {@code $} stands before {@code from}. */
    private int expandReference(String text, int from, StringBuilder out) {
        char open = from < text.length() ? text.charAt(from) : 0;
        if (open == '{' || open == '(') {
            int close = ConfigWords.closing(text, from, open, open == '{' ? '}' : ')');
            if (close < 0) {
                throw new ConfigException("truncated macro reference: \"" + text + "\"");
            }
            out.append(evaluate(new ReferenceBody(text.substring(from + 1, close))));
            return close + 1;
        }
        int end = from;
        while (end < text.length() && isNameChar(text.charAt(end))) {
            end++;
        }
        if (end == from) {
            throw new ConfigException("empty macro name: \"" + text + "\"");
        }
        out.append(valueOf(text.substring(from, end)));
        return end;
    }

    private String evaluate(ReferenceBody body) {
        body.skipSpace();
        if (body.isAt('{')) {
            boolean holds = compare(body);
            body.skipSpace();
            return body.isAtEnd() ? holds ? "true" : "" : choose(body, holds);
        }
        String name = body.name();
        body.skipSpace();
        if (body.isAtEnd()) {
            return valueOf(name);
        }
        if (body.isAt('{')) {
            return call(name, body);
        }
        String raw = sink == null ? names.valueOf(name) : valueOf(name);
        return choose(body, raw != null && !raw.isEmpty());
    }

    private String call(String function, ReferenceBody body) {
        String argument = expand(LogicalLine.trim(body.bracedTextOrRest()));
        if (sink != null) {
            return "";
        }
        if (!names.areBytes()) {
            return ExpansionFunction.call(function, argument);
        }
        String text = new String(argument.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        byte[] result = ExpansionFunction.call(function, text).getBytes(StandardCharsets.UTF_8);
        return new String(result, StandardCharsets.ISO_8859_1);
    }

    private String choose(ReferenceBody body, boolean holds) {
        if (sink != null) {
            return scanBranches(body);
        }
        if (body.take('?')) {
            @Nullable String whenTrue = body.bracedText();
            if (whenTrue == null) {
                return holds ? expand(body.rest()) : "";
            }
            body.skipSpace();
            if (body.isAtEnd()) {
                return holds ? expand(whenTrue) : "";
            }
            if (!body.take(':')) {
                throw body.unexpected("\":\"");
            }
            String whenFalse = body.bracedTextOrRest();
            return expand(holds ? whenTrue : whenFalse);
        }
        if (body.take(':')) {
            String whenFalse = body.bracedTextOrRest();
            return holds ? "" : expand(whenFalse);
        }
        throw body.unexpected("\"?\" or \":\" after the name");
    }

    private String scanBranches(ReferenceBody body) {
        if (body.isAt('?')) {
            body.take('?');
            @Nullable String whenTrue = body.bracedText();
            expand(whenTrue == null ? body.rest() : whenTrue);
            body.skipSpace();
        }
        if (!body.isAtEnd()) {
            if (!body.take(':')) {
                throw body.unexpected("\"?\" or \":\"");
            }
            expand(body.bracedTextOrRest());
        }
        return "";
    }

    private boolean compare(ReferenceBody body) {
        String left = expand(body.operand());
        body.skipSpace();
        String operator = body.operator();
        body.skipSpace();
        String right = expand(body.operand());
        if (sink != null) {
            return true;
        }
        boolean byLevel = operator.endsWith("level");
        String sign = byLevel ? operator.substring(0, operator.length() - "level".length()) : operator;
        int order = byLevel ? CompatibilityLevel.compare(left, right) : compareText(left, right);
        return switch (sign) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> throw body.unexpected("a comparison");
        };
    }

    private static int compareText(String left, String right) {
        if (isNumber(left) && isNumber(right)) {
            return Long.compare(Long.parseLong(left), Long.parseLong(right));
        }
        return left.compareTo(right);
    }

    /** 18 digits always fit a long; longer ones compare as text. */
    private static boolean isNumber(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private String valueOf(String name) {
        if (sink != null) {
            sink.onReference(name);
            return "";
        }
        String raw = names.valueOf(name);
        if (raw == null) {
            return names.ofUndefined(name);
        }
        if (raw.isEmpty()) {
            return "";
        }
        if (++nesting > NESTING_MAX || ++references > REFERENCES_MAX) {
            throw new ConfigException("unreasonable macro call nesting: \"" + firstToken(raw) + "\"");
        }
        String value = expand(raw);
        nesting--;
        return value;
    }

    /** What Postfix names in its warning: the first name, or the text before it. */
    private static String firstToken(String text) {
        int from = text.charAt(0) == '$' ? 1 : 0;
        int to = from;
        while (to < text.length() && (from == 1 ? isNameChar(text.charAt(to)) : text.charAt(to) != '$')) {
            to++;
        }
        return text.substring(from, to);
    }

    static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
