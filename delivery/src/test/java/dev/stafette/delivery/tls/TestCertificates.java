// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;

/**
 * Keys and certificates that openssl has made for tests, good for a hundred years: {@code server} and {@code server-ec} of
 * mx.b.test and {@code client} of client.a.test, for whom {@code ca} vouches, and {@code stranger}, for whom nobody does;
 * {@code expired} of mx.b.test was good until 2021, {@code old-ca} vouched for that.
 */
public final class TestCertificates {
    /** Those that files of this name are. */
    public static final PemFiles FILES = new PemFiles(TestCertificates::text);

    private TestCertificates() {}

    /** {@code name}: its last part counts. */
    public static String text(String name) throws IOException {
        try (InputStream in =
                TestCertificates.class.getResourceAsStream("/tls/" + name.substring(name.lastIndexOf('/') + 1))) {
            if (in == null) {
                throw new NoSuchFileException(name);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
