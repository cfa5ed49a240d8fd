// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import org.jspecify.annotations.Nullable;

/**
 * One forward-path with what the sender asked to be told about it.
 *
 * @param notifyBits bits of {@link DsnNotify}
 * @param originalRecipient the ORCPT value as received, {@code type;xtext} (RFC 3461 §4.2); null when not given
 * @param givenAddress what the sender asked for (X-Original-To), where rewriting has made another address of it; null: the same
 */
public record EnvelopeRecipient(
        MailAddress address,
        int notifyBits,
        @Nullable String originalRecipient,
        @Nullable String givenAddress) {
    public EnvelopeRecipient(MailAddress address) {
        this(address, DsnNotify.UNSPECIFIED, null);
    }

    /** As the sender named it. */
    public EnvelopeRecipient(MailAddress address, int notifyBits, @Nullable String originalRecipient) {
        this(address, notifyBits, originalRecipient, null);
    }

    /** The same, in another place; it does not forget which address was given. */
    public EnvelopeRecipient at(MailAddress other) {
        if (other == address) {
            return this;
        }
        String given = givenAddress == null ? address.external() : givenAddress;
        boolean isSame = given.equalsIgnoreCase(other.external());
        return new EnvelopeRecipient(other, notifyBits, originalRecipient, isSame ? null : given);
    }

    /** The same, with other bits of {@link DsnNotify}. */
    public EnvelopeRecipient withNotify(int bits) {
        return new EnvelopeRecipient(address, bits, originalRecipient, givenAddress);
    }

    /** What the sender asked for, whatever rewriting has made of it. */
    public String given() {
        return givenAddress == null ? address.external() : givenAddress;
    }
}
