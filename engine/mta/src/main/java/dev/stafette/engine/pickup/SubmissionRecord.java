// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

/**
 * The records of a file in {@code maildrop/}, which are those of Postfix: a letter, the length in groups of seven bits,
 * lowest first, with the top bit set in all but the last, and so many bytes.
 * Thread: any (constants).
 *
 * <pre>
 * T time, then the envelope: A F S R … in any order | M | N L … the content, a line each | X | A R … | E
 * </pre>
 */
public final class SubmissionRecord {
    /** Seconds and microseconds since 1970. */
    public static final char TIME = 'T';

    /** {@code name=value}; for the message, or for the recipient that follows. */
    public static final char ATTRIBUTE = 'A';

    /** Of the person who sends. */
    public static final char FULL_NAME = 'F';

    public static final char SENDER = 'S';
    public static final char RECIPIENT = 'R';
    /** What the recipient of the next record was before it was rewritten. */
    public static final char ORIGINAL_RECIPIENT = 'O';

    /** The two delimiters of VERP: each recipient gets the message from an address of its own. */
    public static final char VERP = 'V';

    /** Content follows. */
    public static final char CONTENT = 'M';

    /** A line of content, without its end. */
    public static final char LINE = 'N';

    /** A piece of a line that goes on in the next record. */
    public static final char PIECE = 'L';

    /** Behind the content: what was found in the header. */
    public static final char EXTRACTED = 'X';

    /** Nothing follows: the file is whole. */
    public static final char END = 'E';

    private SubmissionRecord() {}

    /** Whether a program may hand this in as a part of its envelope. */
    static boolean isOfEnvelope(int type) {
        return type == TIME
                || type == ATTRIBUTE
                || type == FULL_NAME
                || type == SENDER
                || type == RECIPIENT
                || type == ORIGINAL_RECIPIENT
                || type == VERP;
    }
}
