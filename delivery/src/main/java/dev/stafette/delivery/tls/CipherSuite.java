// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cipher suites that BoringSSL and the JDK both have, in OpenSSL's order of preference. Those of TLS 1.3 come first;
 * lists say nothing of them.
 * Thread: any.
 */
public enum CipherSuite {
    TLS13_AES_256_GCM("TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384", 256, ""),
    TLS13_CHACHA20("TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256", 256, ""),
    TLS13_AES_128_GCM("TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", 128, ""),
    ECDSA_AES_256_GCM("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 256, "TLSv1.2"),
    ECDHE_AES_256_GCM("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE_RSA_WITH_AES_256_GCM_SHA384", 256, "TLSv1.2"),
    ECDSA_CHACHA20("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 256, "TLSv1.2"),
    ECDHE_CHACHA20("ECDHE-RSA-CHACHA20-POLY1305", "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 256, "TLSv1.2"),
    ECDSA_AES_128_GCM("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 128, "TLSv1.2"),
    ECDHE_AES_128_GCM("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE_RSA_WITH_AES_128_GCM_SHA256", 128, "TLSv1.2"),
    ECDSA_AES_256("ECDHE-ECDSA-AES256-SHA", "ECDHE_ECDSA_WITH_AES_256_CBC_SHA", 256, "TLSv1.0 TLSv1 SHA1 SHA"),
    ECDHE_AES_256("ECDHE-RSA-AES256-SHA", "ECDHE_RSA_WITH_AES_256_CBC_SHA", 256, "TLSv1.0 TLSv1 SHA1 SHA"),
    ECDSA_AES_128("ECDHE-ECDSA-AES128-SHA", "ECDHE_ECDSA_WITH_AES_128_CBC_SHA", 128, "TLSv1.0 TLSv1 SHA1 SHA"),
    ECDHE_AES_128("ECDHE-RSA-AES128-SHA", "ECDHE_RSA_WITH_AES_128_CBC_SHA", 128, "TLSv1.0 TLSv1 SHA1 SHA"),
    RSA_AES_256_GCM("AES256-GCM-SHA384", "RSA_WITH_AES_256_GCM_SHA384", 256, "TLSv1.2"),
    RSA_AES_128_GCM("AES128-GCM-SHA256", "RSA_WITH_AES_128_GCM_SHA256", 128, "TLSv1.2"),
    RSA_AES_256("AES256-SHA", "RSA_WITH_AES_256_CBC_SHA", 256, "SSLv3 SHA1 SHA"),
    RSA_AES_128("AES128-SHA", "RSA_WITH_AES_128_CBC_SHA", 128, "SSLv3 SHA1 SHA");

    private static final Map<String, CipherSuite> BY_JAVA_NAME = new HashMap<>();

    static {
        for (CipherSuite suite : values()) {
            BY_JAVA_NAME.put(suite.javaName, suite);
        }
    }

    private final String openSslName;
    private final String javaName;
    private final int bits;
    private final String words;

    /** {@code words}: further ones by which a list can mean it. */
    CipherSuite(String openSslName, String javaName, int bits, String words) {
        this.openSslName = openSslName;
        this.javaName = openSslName.equals(javaName) ? javaName : "TLS_" + javaName;
        this.bits = bits;
        this.words = ' ' + words + ' ' + keyWords(openSslName) + cipherWords(openSslName, bits) + openSslName + ' ';
    }

    private static String keyWords(String name) {
        if (name.startsWith("ECDHE-")) {
            return "kECDHE kEECDH ECDHE EECDH ECDH " + (name.startsWith("ECDHE-RSA") ? "aRSA " : "aECDSA ECDSA ");
        }
        return "kRSA RSA aRSA ";
    }

    private static String cipherWords(String name, int bits) {
        String grade = "ALL HIGH ";
        if (name.contains("CHACHA20")) {
            return grade + "CHACHA20 ";
        }
        return grade + "AES AES" + bits + (name.contains("GCM") ? " AESGCM " : " ");
    }

    /** Null for one that is not in the list. */
    static @Nullable CipherSuite ofJavaName(String name) {
        return BY_JAVA_NAME.get(name);
    }

    /** As logs have it. */
    public String openSslName() {
        return openSslName;
    }

    public String javaName() {
        return javaName;
    }

    /** Of the key of its cipher; all of them have an effect. */
    public int bits() {
        return bits;
    }

    public boolean isOfTls13() {
        return ordinal() <= TLS13_AES_128_GCM.ordinal();
    }

    /** Whether a list can mean it by this word: its name, or a class of suites that it is in. */
    boolean is(String word) {
        return words.contains(' ' + word + ' ');
    }
}
