// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.codec.address.AddressParser;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.codec.report.FieldValues;
import dev.stafette.codec.report.MailReport;
import dev.stafette.engine.feedback.ReturnAddresses.Found;
import dev.stafette.engine.feedback.ReturnAddresses.Kind;
import dev.stafette.storage.format.QueueId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message that a report is about: what its seal says, and where there is none, its header as it has come back. Texts are empty
 * where nothing is known.
 * Thread: any (a value).
 *
 * @param isSealed it is as the seal says, and nobody can have made that up
 * @param recipient of the seal or of VERP; null: they say nothing
 */
record ReportedMessage(
        boolean isSealed,
        boolean isVerp,
        @Nullable MailAddress recipient,
        String queueId,
        String sender,
        String tenant,
        String campaign,
        String envelopeId,
        String messageId) {
    /** Fields in which the sender of what has come back can stand. */
    private static final List<String> SENDER_FIELDS = List.of(
            "Return-Path",
            "X-Original-Mail-From",
            "X-Envelope-From",
            "Envelope-From",
            "X-MS-Exchange-Organization-OriginalEnvelopeSender");

    /**
     * {@code to}: the address that the report has come to. Of a complaint that one says nothing, since all come to the same, and the
     * seal is in what they return.
     */
    static ReportedMessage of(
            MailAddress to,
            Found found,
            MailReport report,
            ReturnAddresses addresses,
            FeedbackRules rules,
            long nowMs) {
        Found best = found;
        MailAddress sender = to;
        if (found.kind() != Kind.SEALED) {
            for (String text : senders(report)) {
                MailAddress one = AddressParser.parse(text);
                Found other = one == null ? Found.OTHER : addresses.find(one, nowMs);
                if (other.kind() == Kind.SEALED || other.kind() == Kind.VERP && best.kind() == Kind.NAMED) {
                    best = other;
                    sender = one == null ? to : one;
                }
                if (best.kind() == Kind.SEALED) {
                    break;
                }
            }
        }
        FieldValues returned = report.returned();
        ReturnAddress sealed = best.kind() == Kind.SEALED ? best.sealed() : null;
        return new ReportedMessage(
                sealed != null,
                best.kind() == Kind.VERP,
                best.recipient(),
                sealed == null ? "" : QueueId.format(sealed.queueId()),
                sealed == null ? sender.external() : sealed.original().external(),
                sealed == null ? rules.tenant(returned) : sealed.tenant(),
                sealed == null ? rules.campaign(returned) : sealed.campaign(),
                report.fields().first("Original-Envelope-Id"),
                returned.first("Message-ID"));
    }

    private static List<String> senders(MailReport report) {
        List<String> all = new ArrayList<>(report.fields().all("Original-Mail-From"));
        for (String field : SENDER_FIELDS) {
            all.addAll(report.returned().all(field));
        }
        return all.stream()
                .map(text -> text.replaceFirst("^[^<]*<", "")
                        .replaceFirst(">.*$", "")
                        .strip())
                .toList();
    }
}
