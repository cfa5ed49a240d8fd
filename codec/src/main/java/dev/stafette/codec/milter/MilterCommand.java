// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.milter;

/** What a milter is told, and which bits of an agreement ({@link MilterOptions}) spare it that, or its answer. Thread: any. */
public enum MilterCommand {
    OPTIONS('O', 0, 0, "OPTNEG"),
    MACROS('D', 0, 0, "MACRO"),
    CONNECT('C', 0x1, 0x1000, "CONNECT"),
    HELO('H', 0x2, 0x2000, "HELO"),
    MAIL('M', 0x4, 0x4000, "MAIL"),
    RCPT('R', 0x8, 0x8000, "RCPT"),
    DATA('T', 0x200, 0x10000, "DATA"),
    UNKNOWN('U', 0x100, 0x20000, "UNKNOWN"),
    HEADER('L', 0x20, 0x80, "HEADER"),
    END_OF_HEADER('N', 0x40, 0x40000, "EOH"),
    BODY('B', 0x10, 0x80000, "BODY"),
    END_OF_BODY('E', 0, 0, "BODYEOB"),
    ABORT('A', 0, 0, "ABORT"),
    QUIT('Q', 0, 0, "QUIT");

    private final char code;
    private final int unwanted;
    private final int unanswered;
    private final String text;

    MilterCommand(char code, int unwanted, int unanswered, String text) {
        this.code = code;
        this.unwanted = unwanted;
        this.unanswered = unanswered;
        this.text = "SMFIC_" + text;
    }

    public char code() {
        return code;
    }

    /** The bit that says that it is not sent; 0: it always is. */
    public int unwanted() {
        return unwanted;
    }

    /** The bit that says that it is not answered; 0: it always is. */
    public int unanswered() {
        return unanswered;
    }

    /** As libmilter has it, for the log. */
    public String text() {
        return text;
    }
}
