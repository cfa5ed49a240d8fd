// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import org.jspecify.annotations.Nullable;

/**
 * One forward-path with what the sender asked to be told about it.
 *
 * @param notifyBits bits of {@link DsnNotify}
 * @param originalRecipient the ORCPT value as received, {@code type;xtext} (RFC 3461 §4.2); null when not given
 */
public record EnvelopeRecipient(
        MailAddress address, int notifyBits, @Nullable String originalRecipient) {
    public EnvelopeRecipient(MailAddress address) {
        this(address, DsnNotify.UNSPECIFIED, null);
    }
}
