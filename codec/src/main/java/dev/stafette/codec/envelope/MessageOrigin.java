// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import org.jspecify.annotations.Nullable;

/**
 * Whom a message came from first, for the logs of those who look into it on its way (Postfix's XFORWARD).
 * Thread: any (a value).
 *
 * @param name of the client; null: not known, as with each of the others
 * @param address of the client, as in an address literal (RFC 5321 §4.1.3) without its brackets
 * @param port of the client
 * @param protocol {@code SMTP} or {@code ESMTP}
 * @param helo what the client called itself
 * @param queueId under which the first server in the chain knew the message
 * @param isLocal it was written here: addresses in its header get their complete form
 */
public record MessageOrigin(
        @Nullable String name,
        @Nullable String address,
        @Nullable String port,
        @Nullable String protocol,
        @Nullable String helo,
        @Nullable String queueId,
        boolean isLocal) {}
