// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import dev.stafette.delivery.dns.TlsaRecord;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The TLSA records that a server's certificate is measured by (RFC 6698, RFC 7671).
 * Thread: any (it does not change).
 *
 * @param isHostCertain false: whoever names the host may have lied, and what it shows is worth no more than that
 */
public record Associations(List<TlsaRecord> records, boolean isHostCertain) {
    /** RFC 7218 §2: the key or certificate of the server itself, and of who vouches for it. */
    private static final int DANE_EE = 3;

    private static final int DANE_TA = 2;

    private static final int WHOLE = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;

    public static final Associations NONE = new Associations(List.of(), true);

    public Associations {
        records = List.copyOf(records);
    }

    /**
     * Those that can be used. Of several digests of one kind the one that {@code digests} prefers counts, so that a stronger
     * one is not undermined by a weaker one (RFC 7671 §9).
     */
    public static Associations usable(List<TlsaRecord> all, List<Integer> digests) {
        List<TlsaRecord> usable =
                all.stream().filter(record -> isUsable(record, digests)).toList();
        return new Associations(
                usable.stream()
                        .filter(record -> record.matchingType() == WHOLE
                                || usable.stream()
                                        .filter(other -> other.matchingType() != WHOLE
                                                && other.usage() == record.usage()
                                                && other.selector() == record.selector())
                                        .allMatch(other -> digests.indexOf(record.matchingType())
                                                <= digests.indexOf(other.matchingType())))
                        .distinct()
                        .toList(),
                true);
    }

    /** What somebody trusts who has it in a file, all of it: as a record of who vouches for a server. */
    static TlsaRecord anchor(boolean isKey, byte[] der) {
        return new TlsaRecord(DANE_TA, isKey ? 1 : 0, WHOLE, HexFormat.of().formatHex(der));
    }

    /** RFC 7672 §3.1.3: the usages of the web have no meaning for mail. */
    public static boolean isForMail(TlsaRecord record) {
        return record.usage() == DANE_EE || record.usage() == DANE_TA;
    }

    public static boolean isUsable(TlsaRecord record, List<Integer> digests) {
        if (!isForMail(record) || record.selector() < 0 || record.selector() > 1) {
            return false;
        }
        return switch (record.matchingType()) {
            case WHOLE -> record.selector() == 0 ? certificate(record) != null : key(record) != null;
            case SHA_256 -> digests.contains(SHA_256) && record.data().length() == 64;
            case SHA_512 -> digests.contains(SHA_512) && record.data().length() == 128;
            default -> false;
        };
    }

    /** The same, of a host that nobody vouches for. */
    public Associations ofUncertainHost() {
        return new Associations(records, false);
    }

    public boolean isEmpty() {
        return records.isEmpty();
    }

    /**
     * What that chain is worth by them. {@code names}: of the server, one of which the certificate must have
     * where only who vouches for it is known (RFC 7672 §3.2.2).
     */
    ServerIdentity identity(X509Certificate[] chain, List<String> names, boolean starSpansLabels) {
        if (records.isEmpty()) {
            return ServerIdentity.doubted(Doubt.NO_USABLE_RECORD, TlsFailure.TLSA_INVALID);
        }
        Trust trust = isHostCertain ? Trust.VERIFIED : Trust.TRUSTED;
        for (TlsaRecord record : records) {
            if (record.usage() == DANE_EE && matches(record, chain[0])) {
                return ServerIdentity.known(trust, matched("EE certificate at depth 0", record));
            }
        }
        Doubt doubt = Doubt.NO_RECORD;
        for (TlsaRecord record : records) {
            int depth = record.usage() == DANE_TA ? anchorDepth(record, chain) : -1;
            if (depth >= 0) {
                String name = CertificateNames.match(chain[0], names, starSpansLabels);
                if (name != null) {
                    String kind = (depth < chain.length ? "TA certificate" : "TA public key verified certificate");
                    return ServerIdentity.known(
                            trust,
                            ServerIdentity.matchedName(name),
                            matched(kind + " at depth " + Math.min(depth, chain.length - 1), record));
                }
                doubt = Doubt.OTHER_NAME;
            }
        }
        return ServerIdentity.doubted(doubt, TlsFailure.VALIDATION_FAILURE);
    }

    private static String matched(String what, TlsaRecord record) {
        return "Matched DANE " + what + ": " + record.shortText();
    }

    private static boolean matches(TlsaRecord record, X509Certificate certificate) {
        try {
            byte[] selected = record.selector() == 0
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            byte[] found = switch (record.matchingType()) {
                case SHA_256 -> MessageDigest.getInstance("SHA-256").digest(selected);
                case SHA_512 -> MessageDigest.getInstance("SHA-512").digest(selected);
                default -> selected;
            };
            return Arrays.equals(found, HexFormat.of().parseHex(record.data()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that came encoded, by a digest that all have", e);
        }
    }

    /**
     * Where the record's certificate or key stands in the chain; behind its end: the record has the whole of it. Negative: it
     * has nothing to do with the chain.
     */
    private static int anchorDepth(TlsaRecord record, X509Certificate[] chain) {
        for (int i = 0; i < chain.length; i++) {
            if (matches(record, chain[i])) {
                boolean isAnchored = i == 0
                        ? isSelfIssued(chain[0])
                        : isBelow(new TrustAnchor(chain[i], null), Arrays.copyOf(chain, i));
                return isAnchored ? i : -1;
            }
        }
        TrustAnchor whole = whole(record, chain[chain.length - 1]);
        for (int i = 1; whole != null && i <= chain.length; i++) {
            if (isBelow(whole, Arrays.copyOf(chain, i))) {
                return chain.length;
            }
        }
        return -1;
    }

    /** {@code last}: of the chain; a bare key has its name from there. */
    private static @Nullable TrustAnchor whole(TlsaRecord record, X509Certificate last) {
        if (record.matchingType() != WHOLE) {
            return null;
        }
        X509Certificate certificate = record.selector() == 0 ? certificate(record) : null;
        PublicKey key = record.selector() == 1 ? key(record) : null;
        return certificate != null
                ? new TrustAnchor(certificate, null)
                : key == null ? null : new TrustAnchor(last.getIssuerX500Principal(), key, null);
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean isBelow(TrustAnchor anchor, X509Certificate[] chain) {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(anchor));
            parameters.setRevocationEnabled(false);
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static @Nullable X509Certificate certificate(TlsaRecord record) {
        try {
            byte[] bytes = HexFormat.of().parseHex(record.data());
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (CertificateException e) {
            return null;
        }
    }

    private static @Nullable PublicKey key(TlsaRecord record) {
        byte[] bytes = HexFormat.of().parseHex(record.data());
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(bytes));
            } catch (GeneralSecurityException e) {
                // Of another kind, perhaps.
            }
        }
        return null;
    }
}
