// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.dkim.SignatureAlgorithm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * A key that nobody has used yet: its file, and what its domain publishes.
 * Thread: that of a command.
 */
public final class NewKey {
    private static final int PEM_LINE = 64;
    private static final int ED25519_BYTES = 32;

    /** RFC 1035 §3.3.14: of one string of a TXT record. */
    private static final int STRING_MAX = 255;

    private final SignatureAlgorithm algorithm;
    private final KeyPair keys;

    private NewKey(SignatureAlgorithm algorithm, KeyPair keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    public static NewKey rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return new NewKey(SignatureAlgorithm.RSA_SHA256, generator.generateKeyPair());
    }

    public static NewKey ed25519() throws GeneralSecurityException {
        return new NewKey(
                SignatureAlgorithm.ED25519_SHA256,
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    }

    /** A file that is not there yet, which nobody but its owner can read, not even while it is written. */
    public void write(Path file) throws IOException {
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(PEM_LINE, new byte[] {'\n'})
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        try (FileChannel channel = (FileChannel) Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                OutputStream out = Channels.newOutputStream(channel)) {
            out.write(pem.getBytes(StandardCharsets.US_ASCII));
            channel.force(true);
        }
    }

    /** The text of its TXT record. */
    public String record() {
        byte[] der = keys.getPublic().getEncoded();
        boolean isRsa = algorithm == SignatureAlgorithm.RSA_SHA256;
        byte[] key = isRsa ? der : Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length);
        return "v=DKIM1; k=" + (isRsa ? "rsa" : "ed25519") + "; p="
                + Base64.getEncoder().encodeToString(key);
    }

    /** The record as a zone file has it (RFC 1035 §5.1). */
    public String zoneLines(String selector, String domain) {
        StringBuilder out = new StringBuilder(selector + "._domainkey." + domain + ". IN TXT (");
        String text = record();
        for (int from = 0; from < text.length(); from += STRING_MAX) {
            out.append("\n\t\"")
                    .append(text, from, Math.min(text.length(), from + STRING_MAX))
                    .append('"');
        }
        return out.append(" )").toString();
    }
}
