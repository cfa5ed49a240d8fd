// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * A recipient whom a report tells of (RFC 3464 §2.3).
 *
 * @param originalRecipient ORCPT as the sender gave it, {@code type;xtext}; null when it did not
 * @param givenAddress what the sender asked for, where it is another; null: the same
 * @param text why, in words
 * @param remoteMta the server that said so; null when none did
 * @param diagnostic its reply; null when it is our own finding
 */
public record DsnRecipient(
        DsnAction action,
        MailAddress address,
        @Nullable String originalRecipient,
        @Nullable String givenAddress,
        EnhancedStatus status,
        String text,
        @Nullable String remoteMta,
        @Nullable String diagnostic) {}
