// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.pattern;

/**
 * A key that may be looked at so often and no more by one pattern: some patterns take a time that doubles with each
 * letter.
 * Thread: the one that looks up.
 */
final class BoundedText implements CharSequence {
    /** About two milliseconds. */
    static final int STEPS_MAX = 1_000_000;

    private static final LimitException LIMIT = new LimitException();

    private final String text;
    private int steps;

    BoundedText(String text) {
        this.text = text;
    }

    /** Without a stack, as it is made once. */
    static final class LimitException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LimitException() {
            super("too many steps", null, false, false);
        }
    }

    /** The next pattern starts at nothing. */
    void restart() {
        steps = 0;
    }

    @Override
    public char charAt(int index) {
        if (++steps > STEPS_MAX) {
            throw LIMIT;
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return text.substring(from, to);
    }

    @Override
    public String toString() {
        return text;
    }
}
