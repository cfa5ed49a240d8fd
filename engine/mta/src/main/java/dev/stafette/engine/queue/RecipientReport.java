// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnAction;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryPart;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecipientState.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a sender is to be told of a recipient (RFC 3464 §2.3).
 * Thread: any (a value).
 *
 * @param kind of the report that it goes into
 * @param envelopeIndex its place in the envelope
 * @param text why, in words
 * @param remoteMta the server that said so; null when none did
 * @param diagnostic the server's reply; null when it is our own finding
 */
public record RecipientReport(
        DsnKind kind,
        DsnAction action,
        int envelopeIndex,
        EnvelopeRecipient recipient,
        EnhancedStatus status,
        String text,
        @Nullable String remoteMta,
        @Nullable String diagnostic) {
    private static final int NOT_IN_ENVELOPE = -1;

    public RecipientReport {
        boolean taken = action == DsnAction.RELAYED || action == DsnAction.DELIVERABLE;
        if (diagnostic == null && taken && remoteMta != null) {
            // What a site says when it takes a message, or a recipient, is all of the outcome's text.
            diagnostic = text;
        }
    }

    /** Of an alias that others have taken the place of. */
    static RecipientReport ofExpanded(EnvelopeRecipient alias, TraceMode trace) {
        return new RecipientReport(
                kindOf(DsnAction.EXPANDED, trace),
                DsnAction.EXPANDED,
                NOT_IN_ENVELOPE,
                alias,
                EnhancedStatus.SENT,
                "alias expanded",
                null,
                null);
    }

    /** Of one that the recipient stood for, and that has failed. */
    static RecipientReport ofPart(int envelopeIndex, DeliveryPart part) {
        DeliveryOutcome outcome = part.outcome();
        return new RecipientReport(
                DsnKind.FAILURE,
                DsnAction.FAILED,
                envelopeIndex,
                part.recipient(),
                outcome.status(),
                outcome.text(),
                outcome.remoteMta(),
                outcome.diagnostic());
    }

    static RecipientReport of(
            DsnKind kind, DsnAction action, int envelopeIndex, EnvelopeRecipient recipient, Reason reason) {
        return new RecipientReport(
                kind,
                action,
                envelopeIndex,
                recipient,
                reason.status(),
                reason.text(),
                reason.remoteMta(),
                reason.diagnostic());
    }

    /** What the journal says of a recipient whose sender was not told before the process ended. */
    static RecipientReport of(int envelopeIndex, Envelope envelope, RecipientState journaled) {
        EnvelopeRecipient recipient = envelope.recipients().get(envelopeIndex);
        DsnAction action = action(journaled.kind());
        return of(kindOf(action, envelope.trace()), action, envelopeIndex, recipient, Reason.of(journaled));
    }

    /** Of the report that tells of the end of a recipient. */
    private static DsnKind kindOf(DsnAction action, TraceMode trace) {
        return switch (action) {
            case FAILED -> DsnKind.FAILURE;
            case DELAYED -> DsnKind.DELAY;
            case RELAYED, DELIVERED, EXPANDED -> trace == TraceMode.NONE ? DsnKind.SUCCESS : DsnKind.VERIFY;
            case DELIVERABLE, UNDELIVERABLE -> DsnKind.VERIFY;
        };
    }

    /** Whether the recipient is done when its sender has been told; else there is another report, or it is tried again. */
    boolean settles() {
        return switch (action) {
            case FAILED -> kind == DsnKind.FAILURE;
            case DELAYED -> false;
            case EXPANDED -> envelopeIndex != NOT_IN_ENVELOPE;
            case RELAYED, DELIVERED, DELIVERABLE, UNDELIVERABLE -> true;
        };
    }

    /** As the journal keeps it until the report is durable; of one that settles. */
    RecipientState state() {
        return new RecipientState(journalKind(), 0, 0, status.packed(), text, remoteMta);
    }

    private Kind journalKind() {
        return switch (action) {
            case FAILED -> Kind.FAILED;
            case RELAYED -> Kind.RELAYED;
            // After a crash, an alias that was expanded is called delivered: all of it is.
            case DELIVERED, EXPANDED -> Kind.ARRIVED;
            case DELIVERABLE -> Kind.DELIVERABLE;
            case UNDELIVERABLE -> Kind.UNDELIVERABLE;
            case DELAYED -> throw new IllegalStateException(action + " is not journaled for a recipient");
        };
    }

    private static DsnAction action(Kind journaled) {
        return switch (journaled) {
            case RELAYED -> DsnAction.RELAYED;
            case ARRIVED -> DsnAction.DELIVERED;
            case DELIVERABLE -> DsnAction.DELIVERABLE;
            case UNDELIVERABLE -> DsnAction.UNDELIVERABLE;
            case FAILED, QUEUED, DEFERRED, DELIVERED, REPORTED -> DsnAction.FAILED;
        };
    }
}
