// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes verdicts of what access tables, or policy servers, say: the right-hand sides of access(5).
 * Thread: any (it does not change).
 */
final class AccessVerdicts {
    private static final EnhancedStatus DENIED = EnhancedStatus.of(5, 7, 1);
    private static final EnhancedStatus DENIED_FOR_NOW = EnhancedStatus.of(4, 7, 1);
    private static final String ACCESS_DENIED = "Access denied";
    private static final String UNAVAILABLE = "Service unavailable";

    private final String source;
    private final RestrictionStage stage;
    private final RestrictionParser parser;
    private final int rejectCode;
    private final int deferCode;

    /**
     * @param source the table, or server, for complaints
     * @param stage of the list that the check is in
     * @param parser reads restrictions that a value names
     */
    AccessVerdicts(String source, RestrictionStage stage, RestrictionParser parser) {
        this.source = source;
        this.stage = stage;
        this.parser = parser;
        this.rejectCode = parser.parts().code("access_map_reject_code");
        this.deferCode = parser.parts().code("access_map_defer_code");
    }

    /**
     * @param value the right-hand side
     * @param key that it was found by, for complaints
     * @param subject what the key is
     */
    Verdict of(String value, String key, Facts facts, Subject subject) {
        int wordEnd = wordEnd(value);
        String text = value.substring(wordEnd).strip();
        if (wordEnd == 2 && value.regionMatches(true, 0, "OK", 0, 2) || isNumber(value)) {
            return parser.parts().permits().permit(value.substring(0, wordEnd), subject, source, facts);
        }
        switch (value.substring(0, wordEnd).toUpperCase(Locale.ROOT)) {
            case "DUNNO":
                return Verdict.DUNNO;
            case "REJECT":
                return Verdict.reject(refusal(rejectCode, DENIED, text, ACCESS_DENIED, facts, subject));
            case "DEFER":
                return Verdict.defer(refusal(deferCode, DENIED_FOR_NOW, text, ACCESS_DENIED, facts, subject));
            case "DEFER_IF_PERMIT":
                return Verdict.deferIfPermit(refusal(deferCode, DENIED_FOR_NOW, text, UNAVAILABLE, facts, subject));
            case "DEFER_IF_REJECT":
                return Verdict.deferIfReject(refusal(deferCode, DENIED_FOR_NOW, text, UNAVAILABLE, facts, subject));
            case "INFO":
                return Verdict.effect(AccessAction.INFO, "", text);
            case "WARN":
                return Verdict.effect(AccessAction.WARN, "", text);
            case "RELAY":
                return parser.parts().permits().permit(value.substring(0, wordEnd), subject, source, facts);
            default:
                Verdict onMessage = onMessage(value.substring(0, wordEnd), text, key, facts, subject);
                return onMessage == null ? other(value, wordEnd, text, facts, subject) : onMessage;
        }
    }

    private static int wordEnd(String value) {
        int end = 0;
        while (end < value.length() && value.charAt(end) != ' ' && value.charAt(end) != '\t') {
            end++;
        }
        return end;
    }

    /** Some mechanisms of authentication beside SMTP have a time for a value. */
    private static boolean isNumber(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return !value.isEmpty();
    }

    /** {@code text} may begin with the enhanced status; what kind of failure it is, the code says. */
    private SmtpReply refusal(
            int code, EnhancedStatus byDefault, String text, String textByDefault, Facts facts, Subject subject) {
        EnhancedStatus said = EnhancedStatus.parsePrefix(text);
        String why =
                said == null ? text : text.substring(said.toString().length()).strip();
        EnhancedStatus status = subject.fit(said == null ? byDefault : said).withClass(code / 100);
        return facts.refusal(subject, code, status, why.isEmpty() ? textByDefault : why);
    }

    /** What is done with the message; null: {@code word} is none of those. */
    private @Nullable Verdict onMessage(String word, String text, String key, Facts facts, Subject subject) {
        AccessAction action = actionOf(word);
        if (action == null) {
            return null;
        }
        String why = unavailable(action, facts);
        if (why != null) {
            return Verdict.nothing("access table " + source + ": " + why);
        }
        String misses = missing(action, text);
        if (misses != null) {
            return Verdict.nothing("access table " + source + " entry \"" + key + "\" " + misses);
        }
        String about = facts.about(subject);
        return switch (action) {
            case HOLD ->
                facts.message().isHeld()
                        ? Verdict.DUNNO
                        : Verdict.effect(action, "", about + " " + orElse(text, "triggers HOLD action"));
            case DISCARD -> Verdict.effect(action, "", about + " " + orElse(text, "triggers DISCARD action"));
            case PREPEND -> Verdict.effect(action, text, "");
            default -> Verdict.effect(action, text, about + " triggers " + action + " " + text);
        };
    }

    private static String orElse(String text, String byDefault) {
        return text.isEmpty() ? byDefault : text;
    }

    private static @Nullable AccessAction actionOf(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "FILTER" -> AccessAction.FILTER;
            case "HOLD" -> AccessAction.HOLD;
            case "DISCARD" -> AccessAction.DISCARD;
            case "REDIRECT" -> AccessAction.REDIRECT;
            case "BCC" -> AccessAction.BCC;
            case "PREPEND" -> AccessAction.PREPEND;
            default -> null;
        };
    }

    /** Why there is no message that this could be done with; null: there is. */
    private @Nullable String unavailable(AccessAction action, Facts facts) {
        if (action != AccessAction.PREPEND && !facts.etrnDomain().isEmpty()) {
            return "action " + action + " is unavailable in " + RestrictionStage.ETRN.parameter();
        }
        if (facts.sender() == null) {
            return "with smtpd_delay_reject=no, action " + action + " is always skipped in " + Subject.CLIENT.text()
                    + " or " + Subject.HELO.text() + " restrictions";
        }
        return action == AccessAction.PREPEND && stage == RestrictionStage.END_OF_DATA
                ? "action PREPEND must be used before " + RestrictionStage.END_OF_DATA.parameter()
                : null;
    }

    /** What is wrong with the argument; null: nothing. */
    private static @Nullable String missing(AccessAction action, String text) {
        return switch (action) {
            case FILTER -> {
                if (text.isEmpty()) {
                    yield "has FILTER entry without value";
                }
                yield text.indexOf(':') < 0 ? "requires transport:destination" : null;
            }
            case REDIRECT, BCC -> text.indexOf('@') < 0 ? "requires user@domain target" : null;
            case PREPEND -> isHeader(text) ? null : "requires header: text";
            default -> null;
        };
    }

    /** RFC 5322 §2.2. */
    private static boolean isHeader(String text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) > ' ' && text.charAt(at) < 0x7f && text.charAt(at) != ':') {
            at++;
        }
        int nameEnd = at;
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return nameEnd > 0 && at < text.length() && text.charAt(at) == ':';
    }

    /** A code of its own, or restrictions. */
    private Verdict other(String value, int wordEnd, String text, Facts facts, Subject subject) {
        if (wordEnd == 3 && !text.isEmpty() && isNumber(value.substring(0, 3)) && "45".indexOf(value.charAt(0)) >= 0) {
            int code = Integer.parseInt(value.substring(0, 3));
            return Verdict.reject(refusal(code, DENIED.withClass(code / 100), text, ACCESS_DENIED, facts, subject));
        }
        if (value.indexOf(':') >= 0) {
            return Verdict.serverError(
                    "access table " + source + " has entry with lookup table: " + value,
                    "do not specify lookup tables inside SMTPD access maps",
                    "define a restriction class and specify its name instead.");
        }
        return Verdict.continueWith(parser.parseValue(stage, value), subject, null);
    }

    /** There is no answer: as if the table had this to say. */
    Verdict unavailable(String key, Facts facts, Subject subject) {
        return Verdict.reject(facts.refusal(subject, 451, EnhancedStatus.of(4, 3, 5), "Server configuration error"))
                .withComplaint(source + " lookup error for \"" + key + "\"");
    }
}
