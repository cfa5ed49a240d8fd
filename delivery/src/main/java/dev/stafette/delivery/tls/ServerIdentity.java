// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What a server's certificates are worth to a policy.
 * Thread: any (a value).
 *
 * @param doubt why they are not trusted; null: they are, or nobody asks
 * @param failure what that is in reports; null where there is no doubt
 */
public record ServerIdentity(
        Trust trust, @Nullable String doubt, @Nullable TlsFailure failure) {
    /** {@code host}: the server's name as the route has it. */
    public static ServerIdentity of(SSLEngine engine, TlsPolicy policy, String host, ClientTls tls) {
        X509Certificate[] chain = Handshake.certificates(engine.getSession());
        if (chain.length == 0) {
            return new ServerIdentity(Trust.ANONYMOUS, "no certificate", TlsFailure.CERTIFICATE_NOT_TRUSTED);
        }
        if (policy.level() == TlsLevel.FINGERPRINT) {
            return isListed(chain[0], policy.matches(), tls.fingerprint())
                    ? new ServerIdentity(Trust.VERIFIED, null, null)
                    : new ServerIdentity(Trust.UNTRUSTED, "fingerprint not listed", TlsFailure.CERTIFICATE_NOT_TRUSTED);
        }
        if (policy.level() == TlsLevel.DANE) {
            String mismatch = policy.associations().doubt(chain, policy.matches(), tls.starSpansLabels());
            return mismatch != null
                    ? new ServerIdentity(Trust.UNTRUSTED, mismatch, TlsFailure.VALIDATION_FAILURE)
                    : new ServerIdentity(
                            policy.associations().isHostCertain() ? Trust.VERIFIED : Trust.TRUSTED, null, null);
        }
        Authorities judges = policy.level() == TlsLevel.STS ? tls.webAuthorities() : tls.authorities();
        String doubt = judges.doubtOfServer(chain);
        if (doubt != null) {
            return new ServerIdentity(Trust.UNTRUSTED, doubt, TlsFailure.ofUntrusted(chain));
        }
        if (!policy.level().mustMatch()) {
            return new ServerIdentity(Trust.TRUSTED, null, null);
        }
        // RFC 8461 §4.2: in a policy's certificate it stands for one.
        boolean starSpansLabels = tls.starSpansLabels() && policy.level() != TlsLevel.STS;
        List<String> wanted = policy.matches().stream()
                .map(match -> match.equals(TlsPolicy.HOST_NAME) ? host : match)
                .toList();
        // As by Postfix, where the name is asked for, a certificate of somebody else is worth nothing.
        return CertificateNames.match(chain[0], wanted, starSpansLabels)
                ? new ServerIdentity(Trust.VERIFIED, null, null)
                : new ServerIdentity(
                        Trust.UNTRUSTED,
                        "no matching name: " + String.join(", ", wanted),
                        TlsFailure.CERTIFICATE_HOST_MISMATCH);
    }

    /** What it would be by a policy of MTA-STS, which is only tested here. */
    public static ServerIdentity tested(SSLEngine engine, ReportedPolicy tested, String host, ClientTls tls) {
        X509Certificate[] chain = Handshake.certificates(engine.getSession());
        if (!tested.allows(host)) {
            return new ServerIdentity(Trust.UNTRUSTED, "host not allowed", TlsFailure.VALIDATION_FAILURE);
        }
        String doubt =
                chain.length == 0 ? "no certificate" : tls.webAuthorities().doubtOfServer(chain);
        if (doubt != null) {
            return new ServerIdentity(Trust.UNTRUSTED, doubt, TlsFailure.ofUntrusted(chain));
        }
        return CertificateNames.match(chain[0], List.of(host), false)
                ? new ServerIdentity(Trust.VERIFIED, null, null)
                : new ServerIdentity(Trust.UNTRUSTED, "no matching name", TlsFailure.CERTIFICATE_HOST_MISMATCH);
    }

    private static boolean isListed(X509Certificate certificate, List<String> listed, Fingerprint fingerprint) {
        String ofCertificate = fingerprint.ofCertificate(certificate);
        String ofKey = fingerprint.ofPublicKey(certificate);
        return listed.stream()
                .map(one -> one.toUpperCase(Locale.ROOT))
                .anyMatch(one -> one.equals(ofCertificate) || one.equals(ofKey));
    }
}
