// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a milter makes of an event, where that is not just to go on.
 * Thread: any (a value).
 *
 * @param kind of verdict
 * @param reply why the client is refused; null where it is not
 */
public record MilterVerdict(Kind kind, @Nullable SmtpReply reply) {
    public static final MilterVerdict HOLD = new MilterVerdict(Kind.HOLD, null);
    public static final MilterVerdict DISCARD = new MilterVerdict(Kind.DISCARD, null);
    public static final MilterVerdict SHUTDOWN = new MilterVerdict(
            Kind.SHUTDOWN, SmtpReply.of(421, EnhancedStatus.of(4, 7, 0), "Server closing connection"));
    static final MilterVerdict REJECT = refusal(550, EnhancedStatus.of(5, 7, 1), "Command rejected");
    static final MilterVerdict TEMPFAIL =
            refusal(451, EnhancedStatus.of(4, 7, 1), "Service unavailable - try again later");

    static final MilterVerdict UNAVAILABLE_FOR_GOOD = refusal(550, EnhancedStatus.of(5, 5, 0), "Service unavailable");
    static final MilterVerdict UNREADABLE = refusal(451, EnhancedStatus.of(4, 3, 0), "Error: queue file write error");

    private static final int CODE_LENGTH = 3;

    /** RFC 5321 §3.8. */
    private static final int SHUTDOWN_CODE = 421;

    /** The kinds of verdicts. */
    public enum Kind {
        /** The message waits for an operator. */
        HOLD,
        /** The message is taken, and comes to nothing. */
        DISCARD,
        /** The client is refused, and its connection ends. */
        SHUTDOWN,
        REFUSE
    }

    static MilterVerdict refusal(int code, EnhancedStatus status, String text) {
        return new MilterVerdict(Kind.REFUSE, SmtpReply.of(code, status, text));
    }

    /** What is done, as the log has it. */
    public String action() {
        return switch (kind) {
            case HOLD -> "milter-hold";
            case DISCARD -> "milter-discard";
            case SHUTDOWN, REFUSE -> "milter-reject";
        };
    }

    /** The reply's text as Postfix logs it, or what takes its place in the log. */
    public String text() {
        return reply == null
                ? "milter triggers " + kind + " action"
                : reply.toString().stripTrailing().replace("\r\n", "??");
    }

    /** As {@link #text}, without the reply's code. */
    String textWithoutCode() {
        return reply == null ? text() : text().substring(CODE_LENGTH + 1);
    }

    /**
     * A reply that a milter gives, of one or more lines. Sendmail takes it for a format: a percent sign is doubled in it. Null:
     * it is no reply, or not of a refusal.
     */
    static @Nullable MilterVerdict parse(String given) {
        String[] lines = withoutFormat(given.replace("\0", "")).stripTrailing().split("\r?\n");
        String first = lines[0];
        boolean isReply = first.length() > CODE_LENGTH
                && (first.charAt(0) == '4' || first.charAt(0) == '5')
                && first.substring(0, CODE_LENGTH).chars().allMatch(c -> c >= '0' && c <= '9')
                && (first.charAt(CODE_LENGTH) == ' ' || first.charAt(CODE_LENGTH) == '-');
        if (!isReply || startsWithDigitOfOtherClass(first)) {
            return null;
        }
        EnhancedStatus status = statusAtStart(first.substring(CODE_LENGTH + 1));
        List<String> texts = new ArrayList<>();
        for (String line : lines) {
            String text = line.length() > CODE_LENGTH ? line.substring(CODE_LENGTH + 1) : "";
            EnhancedStatus own = statusAtStart(text);
            texts.add(printable(
                    own != null && own.equals(status)
                            ? text.substring(own.toString().length()).stripLeading()
                            : text));
        }
        int code = Integer.parseInt(first.substring(0, CODE_LENGTH));
        return new MilterVerdict(
                code == SHUTDOWN_CODE ? Kind.SHUTDOWN : Kind.REFUSE, SmtpReply.ofLines(code, status, texts));
    }

    private static boolean startsWithDigitOfOtherClass(String line) {
        char c = line.length() > CODE_LENGTH + 1 ? line.charAt(CODE_LENGTH + 1) : ' ';
        return c >= '0' && c <= '9' && c != line.charAt(0);
    }

    private static String withoutFormat(String given) {
        StringBuilder out = new StringBuilder(given.length());
        for (int i = 0; i < given.length(); i++) {
            if (given.charAt(i) != '%') {
                out.append(given.charAt(i));
            } else if (++i < given.length()) {
                out.append(given.charAt(i));
            }
        }
        return out.toString();
    }

    private static @Nullable EnhancedStatus statusAtStart(String text) {
        int space = text.indexOf(' ');
        String[] parts = (space < 0 ? text : text.substring(0, space)).split("\\.", -1);
        if (parts.length != 3
                || !parts[0].matches("[45]")
                || !parts[1].matches("\\d{1,3}")
                || !parts[2].matches("\\d{1,3}")) {
            return null;
        }
        return EnhancedStatus.of(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            if (out.charAt(i) < ' ' || out.charAt(i) == 0x7f) {
                out.setCharAt(i, ' ');
            }
        }
        return out.toString();
    }
}
