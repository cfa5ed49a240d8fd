// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import org.jspecify.annotations.Nullable;

/**
 * What a handshake has agreed on, in OpenSSL's words, as logs and Received fields have it.
 * Thread: any (a value).
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
 * @param usedBits of its key; {@code bits}: those it is made for, which are more where some have no effect
 * @param isResumed an earlier session goes on
 * @param serverName that the client has asked for (RFC 6066 §3); empty: none
 * @param peer null: the other end has shown no certificate
 */
public record TlsSession(
        String protocol,
        String cipher,
        int usedBits,
        int bits,
        boolean isResumed,
        String serverName,
        @Nullable PeerCertificate peer) {
    /** {@code TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)}. */
    public String text() {
        return protocol + " with cipher " + cipher + " (" + usedBits + '/' + bits + " bits)";
    }

    /** By whom the certificate of the other end is vouched for. */
    public Trust trust() {
        return peer == null ? Trust.ANONYMOUS : peer.trust();
    }
}
