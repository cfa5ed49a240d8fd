// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import dev.stafette.codec.smtp.SmtpVerb;
import java.util.Arrays;

/**
 * The commands that a session saw, for the line that ends it: {@code ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4}.
 * Thread: the session's.
 */
public final class CommandCounts {
    /** Postfix's order; what is not here counts as unknown. */
    private static final SmtpVerb[] ORDER = {
        SmtpVerb.HELO,
        SmtpVerb.EHLO,
        SmtpVerb.XCLIENT,
        SmtpVerb.XFORWARD,
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
        SmtpVerb.HELP,
        SmtpVerb.UNKNOWN
    };

    private static final String[] NAMES = {
        "helo",
        "ehlo",
        "xclient",
        "xforward",
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
        "help",
        "unknown"
    };

    /** Each verb that was seen takes three places: its ordinal, how often it was seen, and how often accepted. */
    private static final int PLACES = 3;

    private static final int[] NONE = new int[0];

    // Small, since thousands of sessions wait that have said EHLO and nothing else.
    private int[] counts = NONE;
    private int verbCount;
    private boolean bareLineFeed;

    /** Counts a command that was answered. */
    public void count(SmtpVerb verb, boolean isAccepted) {
        int at = find(verb);
        if (at == verbCount * PLACES) {
            if (at == counts.length) {
                counts = Arrays.copyOf(counts, Math.max(2 * at, 4 * PLACES));
            }
            counts[at] = verb.ordinal();
            verbCount++;
        }
        counts[at + 1]++;
        if (isAccepted) {
            counts[at + 2]++;
        }
    }

    /** Where its counts are, or would be. */
    private int find(SmtpVerb verb) {
        int at = 0;
        while (at < verbCount * PLACES && counts[at] != verb.ordinal()) {
            at += PLACES;
        }
        return at;
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
            int at = find(ORDER[i]);
            if (at < verbCount * PLACES) {
                print(line, NAMES[i], counts[at + 2], counts[at + 1]);
                seenSum += counts[at + 1];
                acceptedSum += counts[at + 2];
            }
        }
        print(line, "commands", acceptedSum, seenSum);
        if (bareLineFeed) {
            line.put(" notes=bare_lf");
        }
    }

    private static void print(LogLine line, String name, int accepted, int seen) {
        line.put(" ").put(name).put("=").number(accepted);
        if (accepted != seen || seen == 0) {
            line.put("/").number(seen);
        }
    }
}
