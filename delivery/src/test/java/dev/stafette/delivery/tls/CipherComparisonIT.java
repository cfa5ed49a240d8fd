// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code openssl ciphers} makes of a list, as far as we have the suites. */
class CipherComparisonIT {
    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    private static final String[] WORDS = {
        "ALL",
        "HIGH",
        "MEDIUM",
        "aNULL",
        "kRSA",
        "aRSA",
        "kECDHE",
        "EECDH",
        "ECDHE",
        "aECDSA",
        "ECDSA",
        "AES",
        "AES128",
        "AES256",
        "AESGCM",
        "CHACHA20",
        "SHA1",
        "SHA256",
        "SHA384",
        "TLSv1.2",
        "SSLv3",
        "EECDH+AESGCM",
        "ECDHE+aRSA+AES256",
        "3DES",
        "RC4",
        "AES128-SHA",
        "ECDHE-RSA-AES128-SHA",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "DHE-RSA-AES128-SHA",
        "RSA",
        "kEDH"
    };

    private static final Set<String> OURS =
            Arrays.stream(CipherSuite.values()).map(CipherSuite::openSslName).collect(Collectors.toSet());

    private static String openssl(String list) throws IOException {
        Process process = new ProcessBuilder(OPENSSL.toString(), "ciphers", "-s", "-tls1_2", list).start();
        String names = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        return Arrays.stream(names.split(":")).filter(OURS::contains).collect(Collectors.joining(":"));
    }

    @Test
    void agreesWithOpensslOnTheSuitesAndTheirOrder() throws IOException {
        assumeTrue(Files.isExecutable(OPENSSL), "there is no openssl");
        Random random = new Random(12);
        for (int i = 0; i < 60; i++) {
            StringBuilder list = new StringBuilder("HIGH");
            for (int word = 0; word < 1 + random.nextInt(5); word++) {
                list.append(':')
                        .append(new String[] {"", "", "+", "-", "!"}[random.nextInt(5)])
                        .append(WORDS[random.nextInt(WORDS.length)]);
            }
            if (random.nextInt(4) == 0) {
                list.append(":@STRENGTH");
            }
            String ours = CipherListTest.names(CipherList.parse(list.toString()));
            assertEquals(openssl(list + ":@SECLEVEL=0"), ours, list.toString());
        }
    }
}
