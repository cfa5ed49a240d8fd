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
 * @param matches by what the server is known, as the log has it
 */
public record ServerIdentity(
        Trust trust, @Nullable Doubt doubt, @Nullable TlsFailure failure, List<String> matches) {
    public ServerIdentity {
        matches = List.copyOf(matches);
    }

    static ServerIdentity known(Trust trust, String... matches) {
        return new ServerIdentity(trust, null, null, List.of(matches));
    }

    static ServerIdentity doubted(Doubt doubt, TlsFailure failure) {
        Trust trust = doubt.equals(Doubt.NO_CERTIFICATE) ? Trust.ANONYMOUS : Trust.UNTRUSTED;
        return new ServerIdentity(trust, doubt, failure, List.of());
    }

    static String matchedName(String name) {
        return "matched peername: " + name;
    }

    /** {@code host}: the server's name as the route has it. */
    public static ServerIdentity of(SSLEngine engine, TlsPolicy policy, String host, ClientTls tls) {
        X509Certificate[] chain = Handshake.certificates(engine.getSession());
        if (chain.length == 0) {
            return doubted(Doubt.NO_CERTIFICATE, TlsFailure.CERTIFICATE_NOT_TRUSTED);
        }
        if (policy.level() == TlsLevel.FINGERPRINT) {
            String listed = listed(chain[0], policy.matches(), tls.fingerprint());
            return listed == null
                    ? doubted(Doubt.NO_RECORD, TlsFailure.CERTIFICATE_NOT_TRUSTED)
                    : known(Trust.VERIFIED, "Matched fingerprint: " + listed.replace(":", ""));
        }
        if (policy.level() == TlsLevel.DANE) {
            return policy.associations().identity(chain, policy.matches(), tls.starSpansLabels());
        }
        if (policy.level().mustMatch() && !policy.associations().isEmpty()) {
            // The operator's own anchors, in place of the authorities.
            return policy.associations().identity(chain, wanted(policy, host), tls.starSpansLabels());
        }
        Authorities judges = policy.level() == TlsLevel.STS ? tls.webAuthorities() : tls.authorities();
        Doubt doubt = judges.doubtOfServer(chain);
        if (doubt != null) {
            return doubted(doubt, TlsFailure.ofUntrusted(chain));
        }
        if (!policy.level().mustMatch()) {
            return known(Trust.TRUSTED);
        }
        // RFC 8461 §4.2: in a policy's certificate it stands for one.
        boolean starSpansLabels = tls.starSpansLabels() && policy.level() != TlsLevel.STS;
        // As by Postfix, where the name is asked for, a certificate of somebody else is worth nothing.
        String name = CertificateNames.match(chain[0], wanted(policy, host), starSpansLabels);
        return name == null
                ? doubted(Doubt.OTHER_NAME, TlsFailure.CERTIFICATE_HOST_MISMATCH)
                : known(Trust.VERIFIED, matchedName(name));
    }

    private static List<String> wanted(TlsPolicy policy, String host) {
        return policy.matches().stream()
                .map(match -> match.equals(TlsPolicy.HOST_NAME) ? host : match)
                .toList();
    }

    /** What it would be by a policy of MTA-STS, which is only tested here. */
    public static ServerIdentity tested(SSLEngine engine, ReportedPolicy tested, String host, ClientTls tls) {
        X509Certificate[] chain = Handshake.certificates(engine.getSession());
        if (!tested.allows(host)) {
            return doubted(Doubt.OTHER_HOST, TlsFailure.VALIDATION_FAILURE);
        }
        Doubt doubt =
                chain.length == 0 ? Doubt.NO_CERTIFICATE : tls.webAuthorities().doubtOfServer(chain);
        if (doubt != null) {
            return doubted(doubt, TlsFailure.ofUntrusted(chain));
        }
        return CertificateNames.match(chain[0], List.of(host), false) == null
                ? doubted(Doubt.OTHER_NAME, TlsFailure.CERTIFICATE_HOST_MISMATCH)
                : known(Trust.VERIFIED);
    }

    /** For reports; empty where there is no doubt. */
    public String reason() {
        return doubt == null ? "" : doubt.reason();
    }

    private static @Nullable String listed(X509Certificate certificate, List<String> listed, Fingerprint fingerprint) {
        String ofCertificate = fingerprint.ofCertificate(certificate);
        String ofKey = fingerprint.ofPublicKey(certificate);
        return listed.stream()
                .map(one -> one.toUpperCase(Locale.ROOT))
                .filter(one -> one.equals(ofCertificate) || one.equals(ofKey))
                .findFirst()
                .orElse(null);
    }
}
