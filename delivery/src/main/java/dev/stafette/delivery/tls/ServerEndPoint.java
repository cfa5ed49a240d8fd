// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The digest of the certificate that a server has shown, as channel bindings have it (RFC 5929 §4.1).
 * Thread: event loop (pure).
 */
public final class ServerEndPoint {
    private ServerEndPoint() {}

    /**
     * Of the server's own side. Null where that is not defined. Of several certificates an engine of BoringSSL does not say
     * which it has shown, or it names another: it is not to be asked then.
     */
    public static byte @Nullable [] of(SSLEngine engine) {
        Certificate[] own = engine.getSession().getLocalCertificates();
        return own == null || own.length == 0 || !(own[0] instanceof X509Certificate shown) ? null : of(shown);
    }

    /** Null: by the kind of its signature none is defined. */
    public static byte @Nullable [] of(X509Certificate certificate) {
        try {
            String digest = digest(certificate);
            return digest == null ? null : MessageDigest.getInstance(digest).digest(certificate.getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            return null;
        }
    }

    /** That of its signature; in the place of those that are broken, SHA-256. */
    private static @Nullable String digest(X509Certificate certificate) throws GeneralSecurityException, IOException {
        String name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = name.indexOf("WITH");
        if (with > 0) {
            String digest = name.substring(0, with);
            return digest.equals("MD5") || digest.equals("SHA1")
                    ? "SHA-256"
                    : digest.replaceFirst("^SHA(?=[0-9])", "SHA-");
        }
        byte[] encoded = certificate.getSigAlgParams();
        if (!name.equals("RSASSA-PSS") || encoded == null) {
            return null;
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance(name);
        parameters.init(encoded);
        String digest = parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        return digest.equals("SHA-1") ? "SHA-256" : digest;
    }
}
