// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Who is trusted to vouch for certificates ({@code *_tls_CAfile}, {@code *_tls_CApath}), and how long a chain to them may be.
 * Thread: any.
 */
public final class Authorities {
    /** Where those of the system are, on Debian and its kin, and elsewhere ({@code tls_append_default_CA}). */
    public static final List<String> SYSTEM_FILES =
            List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem");

    /** Nobody is trusted. */
    public static final Authorities NONE = new Authorities(List.of(), List.of(), 0);

    private final Set<X509Certificate> all = new HashSet<>();
    private final List<X509Certificate> named;
    private final @Nullable X509TrustManager judge;

    /**
     * @param named those that a server names to its clients
     * @param unnamed the others
     * @param depthMax certificates between one of these and that of the other end, both counted as Postfix counts them
     */
    public Authorities(List<X509Certificate> named, List<X509Certificate> unnamed, int depthMax) {
        this.named = List.copyOf(named);
        all.addAll(named);
        all.addAll(unnamed);
        this.judge = all.isEmpty() ? null : judge(all, depthMax);
    }

    private static X509TrustManager judge(Set<X509Certificate> all, int depthMax) {
        try {
            Set<TrustAnchor> anchors = new HashSet<>();
            all.forEach(certificate -> anchors.add(new TrustAnchor(certificate, null)));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
            parameters.setRevocationEnabled(false);
            parameters.setMaxPathLength(Math.max(0, depthMax));
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager found) {
                    return found;
                }
            }
            throw new IllegalStateException("a JDK without PKIX");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PKIX: " + e.getMessage(), e);
        }
    }

    public List<X509Certificate> named() {
        return named;
    }

    /** With those of these behind it that vouch for it, where it has none. */
    public KeyChain complete(KeyChain own) {
        return own.completedBy(all);
    }

    /** Null: they vouch for the server's certificate; else why not. */
    public @Nullable Doubt doubtOfServer(X509Certificate[] chain) {
        return doubt(chain, true);
    }

    /** As {@link #doubtOfServer}, of a client. */
    public @Nullable Doubt doubtOfClient(X509Certificate[] chain) {
        return doubt(chain, false);
    }

    private @Nullable Doubt doubt(X509Certificate[] chain, boolean isServer) {
        if (judge == null) {
            return Doubt.of(chain, all, "no authority is trusted");
        }
        try {
            // What the key is used for in the handshake is none of its business.
            if (isServer) {
                judge.checkServerTrusted(chain, "UNKNOWN");
            } else {
                judge.checkClientTrusted(chain, "UNKNOWN");
            }
            return null;
        } catch (CertificateException e) {
            return Doubt.of(chain, all, String.valueOf(e.getMessage()));
        }
    }
}
