// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a certificate is worth nothing, in the words that Postfix has for what OpenSSL says of it.
 * Thread: any (a value).
 *
 * @param text as the log has it
 * @param namesOwner the log says whose it is: a server's, a client's, that of one who vouches for them
 * @param isOfAuthority of the latter
 */
public record Doubt(String text, boolean namesOwner, boolean isOfAuthority) {
    static final Doubt NO_CERTIFICATE = new Doubt("no certificate", false, false);
    static final Doubt SELF_SIGNED = new Doubt("self-signed certificate", false, false);
    static final Doubt OTHER_NAME = new Doubt("num=62:hostname mismatch", true, false);
    /** Fingerprints are records of a kind to Postfix, too. */
    static final Doubt NO_RECORD = new Doubt("num=65:no matching DANE TLSA records", true, false);

    /** There are some, and nothing can be measured by them. */
    static final Doubt NO_USABLE_RECORD = new Doubt("num=1:unspecified certificate verification error", true, false);

    static final Doubt OTHER_HOST = new Doubt("host not allowed", false, false);

    /** {@code trusted}: whom nobody need vouch for; {@code why} the JDK finds fault with the chain. */
    static Doubt of(X509Certificate[] chain, Collection<X509Certificate> trusted, String why) {
        List<X509Certificate> path = path(chain, trusted);
        int last = path.size() - 1;
        X509Certificate end = path.get(last);
        boolean isTrusted = trusted.contains(end);
        for (int i = 0; i <= (isTrusted ? last : last - 1); i++) {
            Doubt ofTime = ofTime(path.get(i), i > 0);
            if (ofTime != null) {
                return ofTime;
            }
        }
        if (isTrusted) {
            return new Doubt(why, true, false);
        }
        return last == 0 && isSelfIssued(end)
                ? SELF_SIGNED
                : new Doubt("untrusted issuer " + Handshake.line(end.getIssuerX500Principal()), false, false);
    }

    /** From the certificate of the other end to the last that can be found. */
    private static List<X509Certificate> path(X509Certificate[] chain, Collection<X509Certificate> trusted) {
        List<X509Certificate> path = new ArrayList<>(List.of(chain[0]));
        List<X509Certificate> known = new ArrayList<>(trusted);
        known.addAll(List.of(chain));
        while (path.size() <= chain.length) {
            X509Certificate last = path.get(path.size() - 1);
            X509Certificate next = isSelfIssued(last)
                    ? null
                    : known.stream()
                            .filter(one -> isIssuer(one, last))
                            .findFirst()
                            .orElse(null);
            if (next == null) {
                break;
            }
            path.add(next);
        }
        return path;
    }

    private static boolean isSelfIssued(X509Certificate one) {
        return one.getSubjectX500Principal().equals(one.getIssuerX500Principal());
    }

    static boolean isIssuer(X509Certificate issuer, X509Certificate of) {
        if (!issuer.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
            return false;
        }
        try {
            of.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static @Nullable Doubt ofTime(X509Certificate certificate, boolean isOfAuthority) {
        try {
            certificate.checkValidity();
            return null;
        } catch (CertificateExpiredException e) {
            return new Doubt("certificate has expired", true, isOfAuthority);
        } catch (CertificateNotYetValidException e) {
            return new Doubt("certificate not yet valid", true, isOfAuthority);
        }
    }

    /** {@code owner}: {@code server} or {@code client}; {@code peer}: as the log has it. */
    public String line(String owner, String peer) {
        String start = namesOwner ? (isOfAuthority ? "CA" : owner) + ' ' : "";
        return start + "certificate verification failed for " + peer + ": " + text;
    }

    /** For reports. */
    String reason() {
        return text.replaceFirst("^num=\\d+:", "");
    }
}
