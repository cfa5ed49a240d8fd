// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.load;

import dev.stafette.engine.cli.load.Numbers.BadFlagException;
import dev.stafette.engine.load.SinkReaction;
import dev.stafette.engine.load.SinkReaction.Manner;
import dev.stafette.engine.load.SinkVerb;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Reads what flags of {@code smtp-sink} say of commands.
 * Thread: main.
 */
final class SinkWords {
    private static final int ODDS_MAX = 99;
    private static final int OCTAL_DIGITS_MAX = 3;
    private static final String ESCAPES = "abfnrtv\\";
    private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\";

    private final Map<SinkVerb, SinkReaction> reactions = new EnumMap<>(SinkVerb.class);

    Map<SinkVerb, SinkReaction> reactions() {
        return reactions;
    }

    /** {@code names}: with commas or blanks between them. */
    void set(String names, Manner manner) throws BadFlagException {
        each(names, reaction -> reaction.with(manner));
    }

    void log(String names) throws BadFlagException {
        each(names, SinkReaction::logged);
    }

    private void each(String names, UnaryOperator<SinkReaction> change) throws BadFlagException {
        for (String name : names.split("[, \t\r\n]+")) {
            if (!name.isEmpty()) {
                reactions.merge(verb(name), change.apply(SinkReaction.PLAIN), (old, fresh) -> change.apply(old));
            }
        }
    }

    /** {@code text}: {@code command:delay[:odds]}. */
    void delay(String text) throws BadFlagException {
        String[] parts = text.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new BadFlagException("invalid command delay argument: " + text);
        }
        SinkVerb verb = verb(parts[0]);
        int seconds = number(parts[1]);
        if (seconds <= 0) {
            throw new BadFlagException("non-positive '" + parts[0] + "' delay");
        }
        int odds = parts.length == 3 ? number(parts[2]) : 0;
        if (parts.length == 3 && (odds < 1 || odds > ODDS_MAX)) {
            throw new BadFlagException("delay odds for '" + parts[0] + "' out of range");
        }
        delay(verb, seconds, odds);
    }

    void delay(SinkVerb verb, int seconds, int odds) {
        SinkReaction before = reactions.getOrDefault(verb, SinkReaction.PLAIN);
        reactions.put(verb, before.withDelay(seconds, odds));
    }

    /** 0 for what is none. */
    private static int number(String text) {
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static SinkVerb verb(String name) throws BadFlagException {
        SinkVerb verb = SinkVerb.of(name);
        if (verb == null) {
            throw new BadFlagException("unknown command: " + name);
        }
        return verb;
    }

    /** The escape sequences of C; another character behind a backslash stands for itself. */
    static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                out.append(c);
                continue;
            }
            int known = ESCAPES.indexOf(text.charAt(++i));
            int octal = 0;
            int digits = 0;
            while (digits < OCTAL_DIGITS_MAX
                    && i + digits < text.length()
                    && "01234567".indexOf(text.charAt(i + digits)) >= 0) {
                octal = octal * 8 + text.charAt(i + digits++) - '0';
            }
            if (digits > 0) {
                out.append((char) (octal & 0xff));
                i += digits - 1;
            } else {
                out.append(known >= 0 ? ESCAPED.charAt(known) : text.charAt(i));
            }
        }
        return out.toString();
    }

    /** Three digits, the first of them this one, and a text. */
    static boolean isReply(String text, char digit) {
        return text.matches("(?s)" + digit + "[0-9][0-9][^0-9].*");
    }
}
