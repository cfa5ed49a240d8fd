// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import dev.stafette.delivery.dns.TlsaRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what PEM files have in them (RFC 7468): certificates, and private keys in PKCS#8 and in the forms of their own that
 * RSA and EC keys have.
 * Thread: start-up and reload.
 */
public final class PemFiles {
    /** Reads a file whole. */
    public interface Source {
        String read(String file) throws IOException;
    }

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final Set<String> CERTIFICATES = Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");

    private static final byte[] RSA_ALGORITHM = {
        0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };
    private static final byte[] EC_OID = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private final Source source;

    public PemFiles(Source source) {
        this.source = source;
    }

    public List<X509Certificate> certificates(String file) {
        return items(file).stream()
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** Certificates and public keys that are trusted by themselves, wherever they stand in a chain. */
    public Associations anchors(List<String> files) {
        List<TlsaRecord> anchors = new ArrayList<>();
        for (String file : files) {
            int count = anchors.size();
            Matcher blocks = BLOCK.matcher(text(file));
            while (blocks.find()) {
                boolean isKey = blocks.group(1).equals("PUBLIC KEY");
                if (isKey || CERTIFICATES.contains(blocks.group(1))) {
                    anchors.add(anchor(file, isKey, blocks.group(2)));
                }
            }
            if (anchors.size() == count) {
                throw new TlsException(file + ": there is no certificate and no public key in it");
            }
        }
        return new Associations(anchors, true);
    }

    private static TlsaRecord anchor(String file, boolean isKey, String body) {
        TlsaRecord record;
        try {
            record = Associations.anchor(isKey, bytes(body));
        } catch (IllegalArgumentException e) {
            throw new TlsException(file + ": " + e.getMessage());
        }
        if (!Associations.isUsable(record, List.of())) {
            throw new TlsException(file + ": a " + (isKey ? "public key" : "certificate") + " that cannot be read");
        }
        return record;
    }

    List<PrivateKey> keys(String file) {
        return items(file).stream()
                .filter(PrivateKey.class::isInstance)
                .map(PrivateKey.class::cast)
                .toList();
    }

    /** Certificates and keys in their order; what else there may be is passed over. */
    List<Object> items(String file) {
        return items(file, text(file));
    }

    private String text(String file) {
        try {
            return source.read(file);
        } catch (NoSuchFileException e) {
            throw new TlsException(file + ": no such file");
        } catch (AccessDeniedException e) {
            throw new TlsException(file + ": may not be read by the account that the mail system runs as");
        } catch (IOException e) {
            throw new TlsException(file + ": " + e.getMessage());
        }
    }

    static List<Object> items(String file, String text) {
        List<Object> items = new ArrayList<>();
        byte[] curve = null;
        Matcher blocks = BLOCK.matcher(text);
        while (blocks.find()) {
            try {
                String body = blocks.group(2);
                switch (blocks.group(1)) {
                    case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" ->
                        items.add(certificate(bytes(body)));
                    case "PRIVATE KEY" -> items.add(key(bytes(body)));
                    case "EC PARAMETERS" -> curve = bytes(body);
                    case "RSA PRIVATE KEY" -> items.add(key(rsa(plain(body))));
                    case "EC PRIVATE KEY" -> items.add(key(ec(plain(body), curve)));
                    case "ENCRYPTED PRIVATE KEY" -> throw new GeneralSecurityException(ENCRYPTED);
                    default -> {
                        // Parameters of Diffie-Hellman and the like.
                    }
                }
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new TlsException(file + ": " + blocks.group(1) + ": " + e.getMessage());
            }
        }
        return items;
    }

    private static final String ENCRYPTED = "it is encrypted (expected: a key without a password)";

    private static byte[] plain(String body) throws GeneralSecurityException {
        if (body.contains("ENCRYPTED")) {
            throw new GeneralSecurityException(ENCRYPTED);
        }
        return bytes(body);
    }

    private static byte[] bytes(String body) {
        return Base64.getMimeDecoder().decode(body);
    }

    private static X509Certificate certificate(byte[] der) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                // Of another kind, perhaps.
            }
        }
        throw new GeneralSecurityException("no key of RSA or ECDSA");
    }

    /** RFC 8017 §A.1.2 in RFC 5208. */
    private static byte[] rsa(byte[] pkcs1) {
        return Der.sequence(Der.ZERO, RSA_ALGORITHM, Der.octets(pkcs1));
    }

    /** RFC 5915 in RFC 5208. {@code curve}: of a block in front; null: the key names its own. */
    private static byte[] ec(byte[] key, byte @Nullable [] curve) throws GeneralSecurityException {
        byte[] named = Der.tagged(key, 0);
        byte[] parameters = named == null ? curve : named;
        if (parameters == null) {
            throw new GeneralSecurityException("it names no curve");
        }
        return Der.sequence(Der.ZERO, Der.sequence(EC_OID, parameters), Der.octets(key));
    }
}
