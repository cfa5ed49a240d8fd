// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

/** Signature and hash (RFC 6376 §3.3, RFC 8463). Thread: any. */
public enum SignatureAlgorithm {
    RSA_SHA256("rsa-sha256"),
    ED25519_SHA256("ed25519-sha256");

    private final String word;

    SignatureAlgorithm(String word) {
        this.word = word;
    }

    /** As {@code a=} has it. */
    public String word() {
        return word;
    }
}
