// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

/**
 * What a table says of a key: a {@link Finding}, with the value or the reason.
 * Thread: any (a value).
 */
public final class TableAnswer {
    private static final TableAnswer NOT_FOUND = new TableAnswer(Finding.NOT_FOUND, "");
    private static final TableAnswer NOT_YET = new TableAnswer(Finding.UNAVAILABLE, "not yet");

    private final Finding finding;
    private final String text;

    private TableAnswer(Finding finding, String text) {
        this.finding = finding;
        this.text = text;
    }

    public static TableAnswer found(String value) {
        return new TableAnswer(Finding.FOUND, value);
    }

    public static TableAnswer notFound() {
        return NOT_FOUND;
    }

    /** {@code why}: for the log. */
    public static TableAnswer unavailable(String why) {
        return new TableAnswer(Finding.UNAVAILABLE, why);
    }

    /** As unavailable as any, for whoever judges; whoever has asked for the judgement waits and has it made again. */
    static TableAnswer notYet() {
        return NOT_YET;
    }

    public Finding finding() {
        return finding;
    }

    public boolean isFound() {
        return finding == Finding.FOUND;
    }

    public boolean isUnavailable() {
        return finding == Finding.UNAVAILABLE;
    }

    /** Unavailable, but nothing is wrong: the table is being asked. */
    public boolean isNotYet() {
        return this == NOT_YET;
    }

    /** Of a found key only. */
    public String value() {
        assert finding == Finding.FOUND : finding;
        return text;
    }

    /** Of an answer that is not available only. */
    public String why() {
        assert finding == Finding.UNAVAILABLE : finding;
        return text;
    }

    @Override
    public String toString() {
        return text.isEmpty() ? finding.name() : finding + " " + text;
    }
}
