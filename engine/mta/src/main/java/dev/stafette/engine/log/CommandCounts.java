// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import dev.stafette.codec.smtp.SmtpVerb;

/**
 * The commands that a session saw, for the line that ends it: {@code ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4}.
 * Thread: the session's.
 */
public final class CommandCounts {
    /** Postfix's order; what is not here counts as unknown. */
    private static final SmtpVerb[] ORDER = {
        SmtpVerb.HELO,
        SmtpVerb.EHLO,
        SmtpVerb.STARTTLS,
        SmtpVerb.AUTH,
        SmtpVerb.MAIL,
        SmtpVerb.RCPT,
        SmtpVerb.DATA,
        SmtpVerb.BDAT,
        SmtpVerb.RSET,
        SmtpVerb.NOOP,
        SmtpVerb.VRFY,
        SmtpVerb.ETRN,
        SmtpVerb.QUIT,
        SmtpVerb.XCLIENT,
        SmtpVerb.XFORWARD,
        SmtpVerb.HELP,
        SmtpVerb.UNKNOWN
    };

    private static final String[] NAMES = {
        "helo",
        "ehlo",
        "starttls",
        "auth",
        "mail",
        "rcpt",
        "data",
        "bdat",
        "rset",
        "noop",
        "vrfy",
        "etrn",
        "quit",
        "xclient",
        "xforward",
        "help",
        "unknown"
    };

    private final int[] seen = new int[ORDER.length];
    private final int[] accepted = new int[ORDER.length];
    private boolean bareLineFeed;

    /** Counts a command that was answered. */
    public void count(SmtpVerb verb, boolean isAccepted) {
        seen[verb.ordinal()]++;
        if (isAccepted) {
            accepted[verb.ordinal()]++;
        }
    }

    /** Lines ended with LF alone: the line says so behind the counts. */
    public void noteBareLineFeed() {
        bareLineFeed = true;
    }

    /** Writes the counts, each behind a space. */
    void print(LogLine line) {
        int seenSum = 0;
        int acceptedSum = 0;
        for (int i = 0; i < ORDER.length; i++) {
            int verb = ORDER[i].ordinal();
            if (seen[verb] > 0) {
                print(line, NAMES[i], accepted[verb], seen[verb]);
                seenSum += seen[verb];
                acceptedSum += accepted[verb];
            }
        }
        print(line, "commands", acceptedSum, seenSum);
        if (bareLineFeed) {
            line.put(" notes=bare_lf");
        }
    }

    private static void print(LogLine line, String name, int accepted, int seen) {
        line.put(" ").put(name).put("=").number(accepted);
        if (accepted != seen) {
            line.put("/").number(seen);
        }
    }
}
