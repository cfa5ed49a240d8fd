// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.verify.AddressQuestion;
import dev.stafette.engine.verify.AddressStatus;
import org.jspecify.annotations.Nullable;

/**
 * {@code reject_unverified_sender}, {@code reject_unverified_recipient}: an address that a probe has found undeliverable, or
 * that no probe could find out about in time.
 * Thread: any (a value).
 *
 * @param deferCode where nothing is known; a code of success lets it pass
 * @param rejectCode where it is undeliverable
 * @param reason said in place of what the probe has found; empty: that
 */
record UnverifiedAddress(
        Subject of, AddressQuestion question, int deferCode, int rejectCode, String reason, TempfailAction tempfail)
        implements Restriction {
    private static final int FOR_NOW = 450;

    /** As Postfix has it in a reply of 4xx. */
    private static final int REASON_LENGTH_MAX = 250;

    static Restriction sender(RestrictionParts parts) {
        return new UnverifiedAddress(
                Subject.SENDER,
                question(parts),
                parts.code("unverified_sender_defer_code"),
                parts.code("unverified_sender_reject_code"),
                parts.settings().text("unverified_sender_reject_reason"),
                TempfailAction.of(parts.settings(), "unverified_sender_tempfail_action"));
    }

    static Restriction recipient(RestrictionParts parts) {
        return new UnverifiedAddress(
                Subject.RECIPIENT,
                question(parts),
                parts.code("unverified_recipient_defer_code"),
                parts.code("unverified_recipient_reject_code"),
                parts.settings().text("unverified_recipient_reject_reason"),
                TempfailAction.of(parts.settings(), "unverified_recipient_tempfail_action"));
    }

    private static AddressQuestion question(RestrictionParts parts) {
        Settings settings = parts.settings();
        long waitMs = (settings.count("address_verify_poll_count") - 1)
                * settings.time("address_verify_poll_delay").toMillis();
        return parts.sources().addresses().question(settings.text("address_verify_service_name"), waitMs);
    }

    @Override
    public Verdict check(Facts facts, Subject subject, Inquiry inquiry) {
        MailAddress address = address(facts);
        if (address == null || address.isNull()) {
            return Verdict.DUNNO;
        }
        TableAnswer answer = question.ask(address, inquiry);
        if (answer.isNotYet()) {
            return Verdict.NOT_YET;
        }
        if (!answer.isFound()) {
            return tempfail.verdict(facts.refusal(of, FOR_NOW, status(FOR_NOW), "address verification problem"))
                    .withComplaint(answer.why());
        }
        return verdict(question.known(answer), facts);
    }

    private @Nullable MailAddress address(Facts facts) {
        if (of == Subject.SENDER) {
            return facts.givenSender();
        }
        RecipientFacts recipient = facts.recipient();
        return recipient == null || recipient.isReturn() ? null : recipient.recipient();
    }

    private Verdict verdict(AddressQuestion.Known known, Facts facts) {
        if (known.status() == AddressStatus.DELIVERABLE) {
            return Verdict.DUNNO;
        }
        int code = known.status() == AddressStatus.UNDELIVERABLE ? rejectCode : deferCode;
        String why = reason.isEmpty() ? known.text() : reason;
        return switch (code / 100) {
            case 2, 3 -> Verdict.DUNNO;
            case 4 ->
                tempfail.verdict(facts.refusal(
                        of,
                        code,
                        status(code),
                        "unverified address: " + why.substring(0, Math.min(why.length(), REASON_LENGTH_MAX))));
            default -> Verdict.reject(facts.refusal(of, code, status(code), "undeliverable address: " + why));
        };
    }

    private EnhancedStatus status(int code) {
        return EnhancedStatus.of(code / 100, 1, of == Subject.SENDER ? 7 : 1);
    }
}
