// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.delivery.tls.AnyCertificate;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * TLS on both sides of a relay that is measured: a key and a certificate of our own making, whom everybody believes.
 * Thread: any.
 */
final class BenchTls {
    private static final char[] PASSWORD = "of no use".toCharArray();
    private static final String ALIAS = "bench";
    private static final int LINE_LENGTH = 64;
    private static final long KEYTOOL_WAIT_S = 60;

    private final Path chainFile;
    private final PrivateKey key;
    private final X509Certificate certificate;

    private BenchTls(Path chainFile, PrivateKey key, X509Certificate certificate) {
        this.chainFile = chainFile;
        this.key = key;
        this.certificate = certificate;
    }

    /** {@code algorithm}: rsa (2048 bits) or ecdsa (P-256); the files go to that directory. */
    static BenchTls make(Path directory, String algorithm) throws IOException {
        boolean isRsa = algorithm.equals("rsa");
        if (!isRsa && !algorithm.equals("ecdsa")) {
            throw new IllegalArgumentException("--key: " + algorithm + " (expected: rsa or ecdsa)");
        }
        Path store = directory.resolve("bench-" + algorithm + ".p12");
        keytool(
                store,
                isRsa
                        ? List.of("-keyalg", "RSA", "-keysize", "2048")
                        : List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD);
            Key key = keys.getKey(ALIAS, PASSWORD);
            Certificate certificate = keys.getCertificate(ALIAS);
            Path chainFile = directory.resolve("bench-" + algorithm + ".pem");
            Files.writeString(
                    chainFile, pem("PRIVATE KEY", key.getEncoded()) + pem("CERTIFICATE", certificate.getEncoded()));
            // The relay may run as somebody else.
            Files.setPosixFilePermissions(chainFile, PosixFilePermissions.fromString("rw-r--r--"));
            return new BenchTls(chainFile, (PrivateKey) key, (X509Certificate) certificate);
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot read " + store + ": " + e.getMessage(), e);
        }
    }

    private static void keytool(Path store, List<String> algorithm) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(algorithm);
        command.addAll(
                List.of("-alias", ALIAS, "-dname", "CN=relay.bench.test", "-validity", "3650", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(KEYTOOL_WAIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }

    private static String pem(String what, byte[] bytes) {
        String text = Base64.getMimeEncoder(LINE_LENGTH, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
    }

    /** TLS on the way in, and on the way out to a sink that has the same certificate. */
    List<String> mainCf() {
        return List.of(
                "smtpd_tls_security_level = may",
                "smtpd_tls_chain_files = " + chainFile,
                "smtp_tls_security_level = encrypt");
    }

    private static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    }

    SslContext server() throws IOException {
        return SslContextBuilder.forServer(key, certificate)
                .sslProvider(provider())
                .build();
    }

    SslContext client() throws IOException {
        return SslContextBuilder.forClient()
                .sslProvider(provider())
                .trustManager(new AnyCertificate(List.of()))
                .build();
    }
}
