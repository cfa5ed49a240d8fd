// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/** How well the other end of a TLS session is known, in Postfix's words. Thread: any. */
public enum Trust {
    /** It has shown no certificate. */
    ANONYMOUS("Anonymous"),
    /** Nobody whom we trust vouches for its certificate. */
    UNTRUSTED("Untrusted"),
    /** A trusted authority vouches for its certificate. */
    TRUSTED("Trusted"),
    /** It is whom it should be, by name or fingerprint. */
    VERIFIED("Verified");

    private final String word;

    Trust(String word) {
        this.word = word;
    }

    /** As a log line begins. */
    public String word() {
        return word;
    }
}
