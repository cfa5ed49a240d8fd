// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.MessageSignature;
import dev.stafette.codec.dkim.SignatureAlgorithm;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.List;

/**
 * A key, and in whose name it signs.
 * Thread: any.
 *
 * @param domain {@code d=}; {@code %}: that of the author
 * @param selector {@code s=}
 */
record SigningKey(String domain, String selector, KeyFile file, SigningProvider provider) {
    /** For mail of an author of this domain. */
    String domainFor(String authorDomain) {
        return domain.equals("%") ? authorDomain : domain;
    }

    /** Takes no longer than a hand-over to another thread and back would. */
    boolean isQuick() {
        return file.algorithm() == SignatureAlgorithm.ED25519_SHA256 && provider == SigningProvider.NATIVE;
    }

    byte[] sign(MessageSignature message) throws GeneralSecurityException {
        return sign(List.of(message.signedBytes()));
    }

    /** Of these bytes, one piece after the other. */
    byte[] sign(List<byte[]> pieces) throws GeneralSecurityException {
        boolean isRsa = file.algorithm() == SignatureAlgorithm.RSA_SHA256;
        Signature signature = provider.signature(isRsa ? "SHA256withRSA" : "EdDSA");
        signature.initSign(file.key());
        if (isRsa) {
            for (byte[] piece : pieces) {
                signature.update(piece);
            }
        } else {
            // RFC 8463 §3.
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            pieces.forEach(hash::update);
            signature.update(hash.digest());
        }
        return signature.sign();
    }
}
