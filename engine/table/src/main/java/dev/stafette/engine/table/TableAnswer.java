// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * What a table says of a key.
 * Thread: any (a value).
 */
public final class TableAnswer {
    private static final TableAnswer NOT_FOUND = new TableAnswer(Kind.NOT_FOUND, "");

    private final Kind kind;
    private final String text;

    /** The third is never taken for the second: mail waits. */
    public enum Kind {
        FOUND,
        NOT_FOUND,
        UNAVAILABLE
    }

    private TableAnswer(Kind kind, String text) {
        this.kind = kind;
        this.text = text;
    }

    public static TableAnswer found(String value) {
        return new TableAnswer(Kind.FOUND, value);
    }

    public static TableAnswer notFound() {
        return NOT_FOUND;
    }

    /** {@code why}: for the log. */
    public static TableAnswer unavailable(String why) {
        return new TableAnswer(Kind.UNAVAILABLE, why);
    }

    public Kind kind() {
        return kind;
    }

    public boolean isFound() {
        return kind == Kind.FOUND;
    }

    public boolean isUnavailable() {
        return kind == Kind.UNAVAILABLE;
    }

    /** Of a found key only. */
    public String value() {
        assert kind == Kind.FOUND : kind;
        return text;
    }

    /** Of an answer that is not available only. */
    public String why() {
        assert kind == Kind.UNAVAILABLE : kind;
        return text;
    }

    @Override
    public String toString() {
        return text.isEmpty() ? kind.name() : kind + " " + text;
    }
}
