// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import org.jspecify.annotations.Nullable;

/**
 * Whom a message came from first, for the logs of those who look into it on its way (Postfix's XFORWARD), and for
 * programs that get it.
 * Thread: any (a value).
 *
 * @param name of the client; null: not known, as with each of the others
 * @param address of the client, as in an address literal (RFC 5321 §4.1.3) without its brackets
 * @param port of the client
 * @param protocol {@code SMTP} or {@code ESMTP}
 * @param helo what the client called itself
 * @param queueId under which the first server in the chain knew the message
 * @param login whom the client had logged in as; null: nobody
 * @param isLocal it was written here: addresses in its header get their complete form
 */
public record MessageOrigin(
        @Nullable String name,
        @Nullable String address,
        @Nullable String port,
        @Nullable String protocol,
        @Nullable String helo,
        @Nullable String queueId,
        @Nullable OriginLogin login,
        boolean isLocal) {
    private static final String UNKNOWN = "unknown";

    /** Of a client that has not logged in. */
    public MessageOrigin(
            @Nullable String name,
            @Nullable String address,
            @Nullable String port,
            @Nullable String protocol,
            @Nullable String helo,
            @Nullable String queueId,
            boolean isLocal) {
        this(name, address, port, protocol, helo, queueId, null, isLocal);
    }

    public MessageOrigin with(@Nullable OriginLogin known) {
        return new MessageOrigin(name, address, port, protocol, helo, queueId, known, isLocal);
    }

    /** As programs are told it: Postfix has a word for what is not known of a client. */
    public MessageOrigin forPrograms() {
        return isOfClient()
                ? new MessageOrigin(
                        orUnknown(name),
                        orUnknown(address),
                        orUnknown(port),
                        orUnknown(protocol),
                        helo,
                        queueId,
                        login,
                        isLocal)
                : this;
    }

    private static String orUnknown(@Nullable String value) {
        return value == null ? UNKNOWN : value;
    }

    private boolean isOfClient() {
        return address != null || port != null || protocol != null || helo != null;
    }
}
