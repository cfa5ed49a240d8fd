// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.status.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * A recipient that failed for good: what its non-delivery report says (RFC 3464 §2.3).
 *
 * @param envelopeIndex its place in the envelope
 * @param text why, in words
 * @param remoteMta the server that said so; null when none did
 * @param diagnostic the server's reply; null when it is our own finding
 */
public record FailedRecipient(
        int envelopeIndex,
        EnvelopeRecipient recipient,
        EnhancedStatus status,
        String text,
        @Nullable String remoteMta,
        @Nullable String diagnostic) {}
