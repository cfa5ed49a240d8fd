// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code smtp-sink} knows of SMTP: its commands, and two events that go by names of the same kind.
 * Thread: any (constants).
 */
public enum SinkVerb {
    /** A connection. */
    CONNECT("connect"),
    HELO("helo"),
    EHLO("ehlo"),
    LHLO("lhlo"),
    XCLIENT("xclient"),
    XFORWARD("xforward"),
    AUTH("auth"),
    MAIL("mail"),
    RCPT("rcpt"),
    DATA("data"),
    RSET("rset"),
    NOOP("noop"),
    VRFY("vrfy"),
    QUIT("quit"),
    /** The end of a message. */
    DOT(".");

    private final String text;

    SinkVerb(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** In any case; null for a word that is none of them. */
    public static @Nullable SinkVerb of(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (SinkVerb verb : values()) {
            if (verb.text.equals(lower)) {
                return verb;
            }
        }
        return null;
    }
}
