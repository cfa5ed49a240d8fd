// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import io.netty.handler.ssl.OpenSslSession;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;

/**
 * Reads from an engine what its handshake has come to.
 * Thread: event loop (pure).
 */
public final class Handshake {
    private static final X509Certificate[] NO_CERTIFICATES = {};

    private Handshake() {}

    /**
     * {@code trust}: what the certificates of the other end are worth, where it has shown some; {@code serverName}: for which
     * the server has keys of its own.
     */
    public static TlsSession session(
            SSLEngine engine, long beganMs, Fingerprint fingerprint, Trust trust, String serverName) {
        SSLSession session = engine.getSession();
        CipherSuite suite = CipherSuite.ofJavaName(session.getCipherSuite());
        X509Certificate[] chain = certificates(session);
        return new TlsSession(
                session.getProtocol(),
                suite == null ? session.getCipherSuite() : suite.openSslName(),
                suite == null ? 0 : suite.bits(),
                suite == null ? 0 : suite.bits(),
                keyExchange(session),
                isResumed(engine, session, beganMs),
                serverName,
                chain.length == 0 ? null : peer(chain[0], fingerprint, trust));
    }

    private static boolean isResumed(SSLEngine engine, SSLSession session, long beganMs) {
        // Netty's sessions of BoringSSL know it by the second, and those that go on are new ones to Java.
        return engine instanceof ReferenceCountedOpenSslEngine open
                ? SSL.isSessionReused(open.sslPointer())
                : session.getCreationTime() < beganMs;
    }

    private static PeerCertificate peer(X509Certificate certificate, Fingerprint fingerprint, Trust trust) {
        return new PeerCertificate(
                name(certificate.getSubjectX500Principal(), List.of("CN")),
                name(certificate.getIssuerX500Principal(), List.of("CN", "O")),
                fingerprint.ofCertificate(certificate),
                fingerprint.ofPublicKey(certificate),
                trust);
    }

    /** Of the other end, the first its own; none where it has shown none. */
    public static X509Certificate[] certificates(SSLSession session) {
        if (session instanceof OpenSslSession open && !open.hasPeerCertificates()) {
            return NO_CERTIFICATES;
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return Arrays.copyOf(chain, chain.length, X509Certificate[].class);
        } catch (SSLPeerUnverifiedException e) {
            return NO_CERTIFICATES;
        }
    }

    /** The group of the key exchange in OpenSSL's words; empty where the engine does not tell. */
    private static String keyExchange(SSLSession session) {
        if (!(session instanceof OpenSslSession open) || !session.getProtocol().equals(TlsVersion.TLS_1_3.text())) {
            return "";
        }
        String group = open.getNamedGroup();
        return switch (group == null ? "" : group) {
            case "", "UNKNOWN" -> "";
            case "P-256", "prime256v1" -> "ECDHE (prime256v1)";
            case "P-384", "secp384r1" -> "ECDHE (secp384r1)";
            case "P-521", "secp521r1" -> "ECDHE (secp521r1)";
            case "x25519" -> "X25519";
            default -> group;
        };
    }

    /** {@code /O=Example/CN=mx.example}, as OpenSSL has it on one line. */
    static String line(X500Principal principal) {
        try {
            StringBuilder line = new StringBuilder();
            for (Rdn part : new LdapName(principal.getName()).getRdns()) {
                line.append('/').append(part.getType()).append('=').append(part.getValue());
            }
            return line.toString();
        } catch (InvalidNameException e) {
            return principal.getName();
        }
    }

    /** The first of these attributes that the name has; empty: none. */
    static String name(X500Principal principal, List<String> attributes) {
        try {
            List<Rdn> parts = new LdapName(principal.getName()).getRdns();
            for (String attribute : attributes) {
                for (int i = parts.size() - 1; i >= 0; i--) {
                    if (parts.get(i).getType().equalsIgnoreCase(attribute)) {
                        return String.valueOf(parts.get(i).getValue());
                    }
                }
            }
            return "";
        } catch (InvalidNameException e) {
            return "";
        }
    }
}
