// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.report;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The machine's part of a delivery status notification (RFC 3464 §2): a group of fields of the message, and one of each recipient.
 * Some systems forget the empty lines between the groups, and some put too many.
 * Thread: any.
 *
 * @param message the first group
 */
record StatusReport(FieldValues message, List<ReportedRecipient> recipients) {
    /** More than any honest report has. */
    static final int RECIPIENTS_MAX = 100;

    static StatusReport read(String text) {
        FieldValues message = new FieldValues();
        List<ReportedRecipient> recipients = new ArrayList<>();
        int at = 0;
        while (at < text.length() && recipients.size() < RECIPIENTS_MAX) {
            for (FieldValues group : split(text.substring(at, groupEnd(text, at)))) {
                if (isOfRecipient(group)) {
                    recipients.add(recipient(group));
                } else if (message.isEmpty()) {
                    message = group;
                }
            }
            at = groupEnd(text, at);
        }
        boolean isTooMany = recipients.size() > RECIPIENTS_MAX;
        return new StatusReport(message, isTooMany ? recipients.subList(0, RECIPIENTS_MAX) : recipients);
    }

    private static int groupEnd(String text, int from) {
        int at = from;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            boolean isBlank = text.substring(at, end).isBlank();
            at = Math.min(text.length(), end + 1);
            if (isBlank) {
                break;
            }
        }
        return at;
    }

    /** At each repeated field of a recipient's a new one begins. */
    private static List<FieldValues> split(String group) {
        List<FieldValues> groups = new ArrayList<>();
        FieldValues now = new FieldValues();
        for (String field : group.split("\n(?![ \t])", FieldValues.FIELDS_MAX * 4)) {
            String name =
                    field.substring(0, Math.max(0, field.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
            boolean startsRecipient = name.equals("final-recipient") || name.equals("original-recipient");
            boolean isNext = startsRecipient && (now.has(name) || now.has("reporting-mta") || now.has("action"));
            if (isNext) {
                groups.add(now);
                now = new FieldValues();
            }
            now.add(field);
        }
        groups.add(now);
        return groups;
    }

    private static boolean isOfRecipient(FieldValues group) {
        return group.has("final-recipient") || group.has("original-recipient");
    }

    private static ReportedRecipient recipient(FieldValues group) {
        String last = address(group.first("Final-Recipient"));
        String original = address(group.first("Original-Recipient"));
        String status = word(group.first("Status"));
        String action = word(group.first("Action")).toLowerCase(Locale.ROOT);
        EnhancedStatus parsed = EnhancedStatus.parsePrefix(status);
        return new ReportedRecipient(
                original.isEmpty() ? last : original,
                last,
                action.isEmpty() ? actionOf(parsed) : action,
                parsed,
                value(group.first("Diagnostic-Code")),
                value(group.first("Remote-MTA")));
    }

    private static String actionOf(@Nullable EnhancedStatus status) {
        return status != null && status.statusClass() == 4 ? ReportedRecipient.DELAYED : ReportedRecipient.FAILED;
    }

    /** The first, without a comment in parentheses. */
    private static String word(String value) {
        int end = 0;
        while (end < value.length() && value.charAt(end) > ' ' && value.charAt(end) != '(') {
            end++;
        }
        return value.substring(0, end);
    }

    /** What follows the type: {@code rfc822; }, {@code smtp; }, {@code dns; }. */
    private static String value(String typed) {
        int end = typed.indexOf(';');
        boolean isType = end > 0 && typed.substring(0, end).strip().matches("[A-Za-z0-9-]+");
        return isType ? typed.substring(end + 1).strip() : typed.strip();
    }

    /** Without what stands around it; empty: there is none. */
    static String address(String typed) {
        String value = value(typed);
        int open = value.lastIndexOf('<');
        int close = value.indexOf('>', open + 1);
        String inner = open >= 0 && close > open ? value.substring(open + 1, close) : value;
        return inner.indexOf('@') > 0 ? inner.strip() : "";
    }
}
