// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.envelope.Verp;
import dev.stafette.engine.pickup.Submission.Recipient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of {@code maildrop/} to its end, content and all: only a whole one counts, and recipients may stand behind
 * the content.
 * Thread: pickup; for one file.
 */
final class SubmissionReader {
    /** Of one message: what a list of addresses on a command line can hold is far less. */
    static final int RECIPIENTS_MAX = 100_000;

    private enum Part {
        ENVELOPE,
        CONTENT,
        EXTRACTED
    }

    private final RecordReader in;
    private final List<Recipient> recipients = new ArrayList<>();
    private Part part = Part.ENVELOPE;
    private @Nullable String sender;
    private boolean requiresTls;
    private @Nullable String envelopeId;
    private @Nullable String original;
    private String fullName = "";
    private boolean rewritesHeader = true;
    private boolean eightBit;
    private DsnReturn dsnReturn = DsnReturn.UNSPECIFIED;
    private TraceMode trace = TraceMode.NONE;
    private @Nullable Verp verp;
    private int notifyBits;
    private long arrivalMs;
    private long lineCount;
    private long contentBytes;

    private SubmissionReader(RecordReader in) {
        this.in = in;
    }

    /** Null when it is no such file, or not all of one. */
    static @Nullable Submission read(RecordReader in, int userId, long nowMs) throws IOException {
        return new SubmissionReader(in).read(userId, nowMs);
    }

    private @Nullable Submission read(int userId, long nowMs) throws IOException {
        int type = in.next();
        while (type != SubmissionRecord.END) {
            if (!take(type)) {
                return null;
            }
            type = in.next();
        }
        String from = sender;
        if (part != Part.EXTRACTED || from == null || recipients.isEmpty() || in.next() != RecordReader.NO_MORE) {
            return null;
        }
        // A time that has not come yet would keep the message too long.
        long arrived = arrivalMs <= 0 || arrivalMs > nowMs ? nowMs : arrivalMs;
        return new Submission(
                userId,
                arrived,
                from,
                fullName,
                rewritesHeader,
                eightBit,
                dsnReturn,
                envelopeId,
                trace,
                verp,
                requiresTls,
                recipients,
                lineCount,
                contentBytes);
    }

    private boolean take(int type) {
        if (part == Part.CONTENT) {
            return takeContent(type);
        }
        return switch (type) {
            case SubmissionRecord.TIME -> takeTime(in.text());
            case SubmissionRecord.FULL_NAME -> {
                fullName = in.text();
                yield true;
            }
            case SubmissionRecord.SENDER -> takeSender(in.text());
            case SubmissionRecord.RECIPIENT -> takeRecipient(in.text());
            case SubmissionRecord.ATTRIBUTE -> takeAttribute(in.text());
            case SubmissionRecord.VERP -> takeVerp(in.text());
            case SubmissionRecord.ORIGINAL_RECIPIENT -> true;
            case SubmissionRecord.CONTENT -> {
                boolean first = part == Part.ENVELOPE;
                part = Part.CONTENT;
                yield first;
            }
            default -> false;
        };
    }

    private boolean takeContent(int type) {
        if (type == SubmissionRecord.EXTRACTED) {
            part = Part.EXTRACTED;
            return true;
        }
        contentBytes += in.length();
        if (type == SubmissionRecord.LINE) {
            contentBytes++;
            lineCount++;
        }
        return type == SubmissionRecord.LINE || type == SubmissionRecord.PIECE;
    }

    private boolean takeTime(String text) {
        int space = text.indexOf(' ');
        Long seconds = number(space < 0 ? text : text.substring(0, space));
        Long micros = number(space < 0 ? "0" : text.substring(space + 1));
        if (seconds == null || micros == null || seconds > Long.MAX_VALUE / 1000 - 1) {
            return false;
        }
        arrivalMs = seconds * 1000 + Math.min(micros, 999_999) / 1000;
        return true;
    }

    /** Null when it is none that is not negative. */
    private static @Nullable Long number(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return Long.valueOf(text);
    }

    private boolean takeVerp(String text) {
        boolean first = verp == null;
        verp = Verp.parse(text);
        return first && verp != null;
    }

    private boolean takeSender(String text) {
        boolean first = sender == null;
        sender = text;
        return first;
    }

    private boolean takeRecipient(String text) {
        recipients.add(new Recipient(text, notifyBits, original));
        notifyBits = 0;
        original = null;
        return recipients.size() <= RECIPIENTS_MAX;
    }

    /** Attributes that mean nothing here are passed over. */
    private boolean takeAttribute(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            return false;
        }
        String value = text.substring(equals + 1);
        switch (text.substring(0, equals)) {
            case "rewrite_context" -> rewritesHeader = !value.equals("remote");
            case "encoding" -> eightBit = value.equals("8bit");
            case "envelope_id" -> envelopeId = isOneWord(value) ? value : null;
            case "requiretls" -> requiresTls = value.equals("yes");
            case "dsn_orig_rcpt" -> original = value.indexOf(';') > 0 && isOneWord(value) ? value : null;
            case "notify_flags" -> notifyBits = bits(value, 0xf);
            case TraceFlags.ATTRIBUTE -> trace = TraceFlags.mode(bits(value, TraceFlags.MASK));
            case "ret_flags" ->
                dsnReturn = switch (bits(value, 3)) {
                    case 1 -> DsnReturn.FULL;
                    case 2 -> DsnReturn.HDRS;
                    default -> DsnReturn.UNSPECIFIED;
                };
            default -> {
                return true;
            }
        }
        return true;
    }

    /** What goes into commands as it is: it could be a command of its own there. */
    private static boolean isOneWord(String value) {
        return !value.isEmpty() && value.chars().noneMatch(c -> c == ' ' || Character.isISOControl(c));
    }

    private static int bits(String text, int mask) {
        Long number = number(text);
        return number == null ? 0 : (int) (number & mask);
    }
}
