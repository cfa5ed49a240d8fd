// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.load;

/**
 * Reads the numbers of flags.
 * Thread: any (stateless).
 */
public final class Numbers {
    /** A flag cannot be used as it is; the message is for people. */
    public static final class BadFlagException extends Exception {
        private static final long serialVersionUID = 1;

        private final String complaint;

        BadFlagException(String message) {
            this(message, "");
        }

        /** {@code complaint}: said before it. */
        BadFlagException(String message, String complaint) {
            super(message);
            this.complaint = complaint;
        }

        public String complaint() {
            return complaint;
        }
    }

    private static final int DIGITS_MAX = 9;

    private Numbers() {}

    /** Of at least {@code least}; {@code name}: what the message calls it. */
    static int atLeast(int least, String name, String text) throws BadFlagException {
        boolean isNumber =
                !text.isEmpty() && text.length() <= DIGITS_MAX && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber || Integer.parseInt(text) < least) {
            throw new BadFlagException("bad " + name + ": " + text);
        }
        return Integer.parseInt(text);
    }

    /** Of TCP, as far as it goes without scaling. */
    static int window(String text) throws BadFlagException {
        return atLeast(1, "TCP window size", text);
    }
}
