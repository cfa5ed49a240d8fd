// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.tls.AnyCertificate;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** The JDK's client of TLS, which takes every certificate, and resumes its sessions. */
final class TlsClient {
    private final SSLContext context;

    TlsClient() throws GeneralSecurityException {
        this(null);
    }

    /** {@code name}: of the certificate that it shows when it is asked; null: none. */
    TlsClient(@Nullable String name) throws GeneralSecurityException {
        context = SSLContext.getInstance("TLS");
        context.init(name == null ? null : keys(name), new TrustManager[] {new AnyCertificate(List.of())}, null);
    }

    /** It is shown to every server, whoever that trusts. */
    private static KeyManager[] keys(String name) {
        KeyChain chain = KeyChain.read(TestCertificates.FILES, name + ".pem", name + ".key");
        return new KeyManager[] {
            new X509ExtendedKeyManager() {
                @Override
                public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
                    return name;
                }

                @Override
                public String[] getClientAliases(String type, Principal[] issuers) {
                    return new String[] {name};
                }

                @Override
                public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
                    throw new IllegalStateException("no server");
                }

                @Override
                public String[] getServerAliases(String type, Principal[] issuers) {
                    throw new IllegalStateException("no server");
                }

                @Override
                public X509Certificate[] getCertificateChain(String alias) {
                    return chain.certificateArray();
                }

                @Override
                public PrivateKey getPrivateKey(String alias) {
                    return chain.key();
                }
            }
        };
    }

    /** After a handshake with these versions, or all that it knows; sessions are remembered by the port. */
    SSLSocket over(Socket plain, String... protocols) throws IOException {
        SSLSocket socket = unused(plain);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    /** After a handshake of TLS 1.2 with that suite, by which a server chooses its key. */
    SSLSocket bySuite(Socket plain, String suite) throws IOException {
        SSLSocket socket = unused(plain);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.setEnabledCipherSuites(new String[] {suite});
        socket.startHandshake();
        return socket;
    }

    private SSLSocket unused(Socket plain) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(plain, "mx.b.test", plain.getPort(), true);
    }

    /** Whose certificate a server shows who is asked for by that name, which may be none; empty: without a name. */
    String subject(Socket plain, String name) throws IOException {
        try (SSLSocket socket = unused(plain)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(
                    name.isEmpty()
                            ? List.of()
                            : List.of(
                                    new SNIServerName(
                                            StandardConstants.SNI_HOST_NAME,
                                            name.getBytes(StandardCharsets.US_ASCII)) {}));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSubjectX500Principal().getName();
        }
    }
}
