// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dkim.BodyHash;
import dev.stafette.codec.dkim.Canonicalization;
import dev.stafette.codec.dkim.ReceivedSignature;
import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** Signs messages with whatever tags a test wants. Messages are in the wire form, with their dot line. */
final class TestSigner {
    private static final int ED25519_BYTES = 32;

    final KeyPair keys;

    TestSigner(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isRsa() {
        return keys.getPublic().getAlgorithm().equals("RSA");
    }

    /** What a name server has. */
    String record() {
        byte[] der = keys.getPublic().getEncoded();
        byte[] key = isRsa() ? der : Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length);
        return "v=DKIM1; k=" + (isRsa() ? "rsa" : "ed25519") + "; p="
                + Base64.getEncoder().encodeToString(key);
    }

    /** With a signature on top. {@code tags}: in place of the usual ones. */
    String signed(String message, String... tags) {
        String all = " v=1; a=" + (isRsa() ? "rsa-sha256" : "ed25519-sha256")
                + "; c=relaxed/relaxed; d=a.test; s=k; h=From:To:Subject";
        for (String tag : tags) {
            String name = tag.substring(0, tag.indexOf('=') + 1);
            all = all.contains(" " + name) ? all.replaceAll("(?<= )" + name + "[^;]*", tag) : all + "; " + tag;
        }
        return withSignature(all, message);
    }

    /** {@code tags}: all but the hash and the signature. */
    private String withSignature(String tags, String message) {
        boolean simple = tags.contains("/simple") || !tags.contains("/");
        int at = tags.indexOf(" l=");
        long covered =
                at < 0 ? Long.MAX_VALUE : Long.parseLong(tags.substring(at + 3).split(";")[0]);
        BodyHash hash = new BodyHash(simple ? Canonicalization.SIMPLE : Canonicalization.RELAXED, covered);
        hash.add(
                Unpooled.copiedBuffer(message.substring(message.indexOf("\r\n\r\n") + 4), StandardCharsets.ISO_8859_1));
        String unsigned =
                "DKIM-Signature:" + tags + "; bh=" + Base64.getEncoder().encodeToString(hash.end()) + "; b=";
        HeaderFields header = new HeaderFields();
        header.scan(bytes(unsigned + "\r\n" + message));
        return unsigned + signature(ReceivedSignature.of(header, 0).signedBytes()) + "\r\n" + message;
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    String signature(byte[] signedBytes) {
        try {
            Signature signature = Signature.getInstance(isRsa() ? "SHA256withRSA" : "Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(
                    isRsa() ? signedBytes : MessageDigest.getInstance("SHA-256").digest(signedBytes));
            return Base64.getEncoder().encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
