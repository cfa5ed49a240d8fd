// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake has agreed on, in OpenSSL's words, as logs and Received fields have it.
 * Thread: any (a value).
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher such as {@code TLS_AES_256_GCM_SHA384}
 * @param usedBits of its key; {@code bits}: those it is made for, which are more where some have no effect
 * @param keyExchange such as {@code X25519}; empty: not known
 * @param isResumed an earlier session goes on
 * @param serverName that the client has asked for, where the server has keys for it (RFC 6066 §3); empty: none
 * @param peer null: the other end has shown no certificate
 */
public record TlsSession(
        String protocol,
        String cipher,
        int usedBits,
        int bits,
        String keyExchange,
        boolean isResumed,
        String serverName,
        @Nullable PeerCertificate peer) {
    /** {@code TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)}. */
    public String text() {
        return cipherText() + (keyExchange.isEmpty() ? "" : " key-exchange " + keyExchange);
    }

    private String cipherText() {
        return protocol + " with cipher " + cipher + " (" + usedBits + '/' + bits + " bits)";
    }

    /** For a Received field, with what is known of the client's certificate, in Postfix's words. */
    public List<String> receivedComments(boolean askedForCertificate) {
        String key = keyExchange.isEmpty() ? "" : "\r\n\t key-exchange " + keyExchange;
        return List.of("using " + cipherText() + key, certificateText(askedForCertificate));
    }

    private String certificateText(boolean askedForCertificate) {
        if (peer == null) {
            return askedForCertificate ? "Client did not present a certificate" : "No client certificate requested";
        }
        return "Client CN \"" + shown(peer.subject()) + "\", Issuer \"" + shown(peer.issuer()) + "\" ("
                + (peer.trust() == Trust.UNTRUSTED ? "not verified" : "verified OK") + ')';
    }

    /** Free of what could end a comment of a header, or a line. */
    private static String shown(String name) {
        return name.replaceAll("[^ !#-'*-\\[\\]-~]", "?");
    }

    /** By whom the certificate of the other end is vouched for. */
    public Trust trust() {
        return peer == null ? Trust.ANONYMOUS : peer.trust();
    }
}
