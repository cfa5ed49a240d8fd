// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import dev.stafette.codec.report.MailReport.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds out whether a message is a report, and what it reports.
 * Thread: any. It takes time in proportion to the content, of which the caller keeps no more than {@link #CONTENT_MAX}.
 *
 * <pre>
 * a part message/feedback-report, or a field that a feedback loop puts into what it returns   a complaint
 * a part message/delivery-status                                                             a status
 * Auto-Submitted: auto-replied, and the like                                                 an automatic reply
 * a header or words as bounces have them                                                     a status, out of its text
 * </pre>
 */
public final class ReportReader {
    /** Reports say what they have to say at the top. */
    public static final int CONTENT_MAX = 256 << 10;

    private static final String FEEDBACK_REPORT = "message/feedback-report";

    /** Hotmail's and Outlook's: whom it was for stands in a field of what they return. */
    private static final String HOTMAIL_RECIPIENT = "X-HmXmrOriginalRecipient";

    private ReportReader() {}

    /**
     * @param headerFields {@code Name: value}, with folds
     * @param content what follows the header, unstuffed
     */
    public static MailReport read(List<String> headerFields, byte[] content, int length) {
        FieldValues header = new FieldValues();
        headerFields.forEach(header::add);
        ReportParts parts = new ReportParts(headerFields, content, Math.min(length, CONTENT_MAX));
        for (ReportParts.Part part : parts.parts()) {
            if (part.type().equals(FEEDBACK_REPORT)) {
                FieldValues fields = new FieldValues();
                ReportParts.fields(part.text().stripLeading(), fields);
                return complaint(fields, parts.returned());
            }
        }
        if (parts.returned().has(HOTMAIL_RECIPIENT) || header.has(HOTMAIL_RECIPIENT)) {
            return complaint(new FieldValues(), parts.returned().isEmpty() ? header : parts.returned());
        }
        for (ReportParts.Part part : parts.parts()) {
            if (part.type().equals("message/delivery-status") || part.type().equals("message/global-delivery-status")) {
                StatusReport status = StatusReport.read(part.text());
                if (!status.recipients().isEmpty()) {
                    return new MailReport(Kind.STATUS, status.recipients(), status.message(), parts.returned());
                }
            }
        }
        return isAutoReply(header) ? ordinary(Kind.AUTO_REPLY) : plain(header, parts);
    }

    private static MailReport complaint(FieldValues fields, FieldValues returned) {
        List<ReportedRecipient> recipients = new ArrayList<>();
        List<String> said = new ArrayList<>(fields.all("Original-Rcpt-To"));
        said.addAll(fields.all("Removal-Recipient"));
        said.addAll(returned.all(HOTMAIL_RECIPIENT));
        for (String one : said) {
            String address = StatusReport.address(one);
            boolean isNew =
                    recipients.stream().noneMatch(known -> known.address().equalsIgnoreCase(address));
            if (!address.isEmpty() && isNew && recipients.size() < StatusReport.RECIPIENTS_MAX) {
                recipients.add(new ReportedRecipient(address, address, "", null, "", ""));
            }
        }
        return new MailReport(Kind.COMPLAINT, recipients, fields, returned);
    }

    private static MailReport ordinary(Kind kind) {
        return new MailReport(kind, List.of(), new FieldValues(), new FieldValues());
    }

    /** RFC 3834 §5, and what was used before it. */
    private static boolean isAutoReply(FieldValues header) {
        String submitted = header.first("Auto-Submitted").toLowerCase(Locale.ROOT);
        return submitted.startsWith("auto-replied")
                        && !header.has("X-Failed-Recipients")
                        && !PlainBounce.isSubject(header.first("Subject"))
                || header.has("X-Autoreply")
                || header.has("X-Autorespond")
                || header.first("Precedence").equalsIgnoreCase("auto_reply");
    }

    private static MailReport plain(FieldValues header, ReportParts parts) {
        StringBuilder text = new StringBuilder();
        for (ReportParts.Part part : parts.parts()) {
            if (part.type().isEmpty()
                    || part.type().equals("text/plain")
                    || part.type().equals("text/unknown")) {
                text.append(part.text()).append('\n');
            }
        }
        PlainBounce bounce = PlainBounce.of(text.toString());
        String subject = header.first("Subject");
        List<String> named = new ArrayList<>();
        for (String list : header.all("X-Failed-Recipients")) {
            for (String one : list.split("[,\\s]+")) {
                String address = StatusReport.address(one);
                if (!address.isEmpty()) {
                    named.add(address);
                }
            }
        }
        String from = header.first("From").toLowerCase(Locale.ROOT);
        boolean isFromSystem = from.contains("mailer-daemon")
                || from.contains("postmaster")
                || from.contains("mailer_daemon")
                || from.contains("mail delivery");
        boolean isSubject = PlainBounce.isSubject(subject);
        int signs = (isFromSystem ? 1 : 0) + (isSubject ? 1 : 0) + (bounce.isSpeech() ? 1 : 0);
        if (named.isEmpty() && signs < 2) {
            return ordinary(Kind.ORDINARY);
        }
        FieldValues returned = parts.returned().isEmpty() ? bounce.returned() : parts.returned();
        return new MailReport(Kind.STATUS, bounce.recipients(named, subject), new FieldValues(), returned);
    }
}
