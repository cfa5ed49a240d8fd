// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.storage.RecipientState;
import dev.stafette.storage.RecipientState.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What a sender is to be told of a recipient (RFC 3464 §2.3): that it failed for good, that it is late, or that it has
 * the message.
 * Thread: any (a value).
 *
 * @param envelopeIndex its place in the envelope
 * @param text why, in words
 * @param remoteMta the server that said so; null when none did
 * @param diagnostic the server's reply; null when it is our own finding
 */
public record Notice(
        DsnKind kind,
        int envelopeIndex,
        EnvelopeRecipient recipient,
        EnhancedStatus status,
        String text,
        @Nullable String remoteMta,
        @Nullable String diagnostic) {
    public Notice {
        if (diagnostic == null && kind == DsnKind.RELAYED && remoteMta != null) {
            // What a site says when it takes a message is all of the outcome's text.
            diagnostic = text;
        }
    }

    static Notice of(DsnKind kind, int envelopeIndex, EnvelopeRecipient recipient, Reason reason) {
        return new Notice(
                kind,
                envelopeIndex,
                recipient,
                reason.status(),
                reason.text(),
                reason.remoteMta(),
                reason.diagnostic());
    }

    /** As the journal keeps it until the report is durable; a delay is no state of its own. */
    RecipientState state() {
        return new RecipientState(journalKind(), 0, 0, status.packed(), text, remoteMta);
    }

    private Kind journalKind() {
        return switch (kind) {
            case FAILED -> Kind.FAILED;
            case RELAYED -> Kind.RELAYED;
            case DELIVERED -> Kind.ARRIVED;
            case DELAYED -> throw new IllegalStateException("a delay is not journaled for a recipient");
        };
    }

    static DsnKind kindOf(Kind journaled) {
        return switch (journaled) {
            case RELAYED -> DsnKind.RELAYED;
            case ARRIVED -> DsnKind.DELIVERED;
            default -> DsnKind.FAILED;
        };
    }
}
