// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.codec.dkim.BodyHash;
import dev.stafette.codec.dkim.Canonicalization;
import dev.stafette.codec.dkim.MessageSignature;
import dev.stafette.codec.dkim.SignatureTags;
import dev.stafette.codec.dkim.SignedHeader;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.engine.dkim.SealingKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The parts of a DKIM signature on a message of 4 KB: the hash of its body, the header in its canonical form, and the
 * signature itself, RSA-2048 beside {@code openssl speed rsa2048} and Ed25519 beside {@code openssl speed ed25519}.
 * Thread: JMH's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class SigningBenchmark {
    private static final int BODY_BYTES = 4096;
    private static final int LINE_BYTES = 72;
    private static final long SIGNED_S = 1_790_000_000L;

    private static final List<String> SIGNED = List.of(
            "From", "Reply-To", "Subject", "Date", "To", "Cc", "Message-ID", "MIME-Version", "Content-Type", "List-Id");

    private static final String HEADER = """
        Received: from client.src.test (client.src.test [127.0.0.1])
        \tby mx.src.test (Stafette) with ESMTP id 4g0Yd41Gy2z1R4
        \tfor <user17@sink.test>; Sun, 29 Nov 2026 22:00:00 +0000 (UTC)
        From: News <news@src.test>
        To: A Reader <user17@sink.test>
        Subject: What has happened since we wrote last, and what comes next
        Date: Sun, 29 Nov 2026 22:00:00 +0000
        Message-ID: <20261129220000.1234.5678@src.test>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        """.replace("\n", "\r\n");

    private final HeaderFields header = new HeaderFields();
    private final ByteBuf field = Unpooled.buffer();
    private final byte[] signature = new byte[256];
    private final byte[] bodyHash = new byte[32];

    private Path directory;
    private ByteBuf body;
    private List<byte[]> signed;
    private SealingKey rsa;
    private SealingKey ed25519;

    /** Makes keys, and a body of words. */
    @Setup
    public void open() throws IOException, GeneralSecurityException {
        directory = Files.createTempDirectory("stafette-signing");
        rsa = key("RSA");
        ed25519 = key("Ed25519");
        header.scan(Unpooled.copiedBuffer(HEADER, StandardCharsets.US_ASCII));
        signed = List.of(signature().signedBytes());
        SplittableRandom random = new SplittableRandom(1);
        StringBuilder text = new StringBuilder();
        int lineStart = 0;
        while (text.length() < BODY_BYTES) {
            text.append("abcdefghijkl", 0, 1 + random.nextInt(12));
            boolean isLineEnd = text.length() - lineStart > LINE_BYTES;
            text.append(isLineEnd ? "\r\n" : " ");
            lineStart = isLineEnd ? text.length() : lineStart;
        }
        // Direct, as what comes from a socket is.
        body = Unpooled.directBuffer()
                .writeBytes(text.append("\r\n.\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private SealingKey key(String algorithm) throws IOException, GeneralSecurityException {
        byte[] der = KeyPairGenerator.getInstance(algorithm)
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        Path file = directory.resolve(algorithm + ".pem");
        String text = Base64.getMimeEncoder().encodeToString(der);
        Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
        return SealingKey.of("src.test:mail:" + file);
    }

    private MessageSignature signature() {
        SignedHeader covered = SignedHeader.of(header, Canonicalization.RELAXED, SIGNED, List.of("From"));
        SignatureTags tags =
                new SignatureTags(rsa.algorithm(), Canonicalization.RELAXED, "src.test", "mail", SIGNED_S, 0);
        return MessageSignature.of(covered, tags, bodyHash);
    }

    /** Removes the keys. */
    @TearDown
    public void close() throws IOException {
        body.release();
        Files.delete(directory.resolve("RSA.pem"));
        Files.delete(directory.resolve("Ed25519.pem"));
        Files.delete(directory);
    }

    @Benchmark
    public byte[] body() {
        BodyHash hash = new BodyHash(Canonicalization.RELAXED);
        hash.add(body);
        return hash.end();
    }

    /** What is signed, and the field that comes of it. */
    @Benchmark
    public ByteBuf header() {
        field.clear();
        signature().write(signature, field);
        return field;
    }

    @Benchmark
    public byte[] rsa2048() throws GeneralSecurityException {
        return rsa.sign(signed);
    }

    @Benchmark
    public byte[] ed25519() throws GeneralSecurityException {
        return ed25519.sign(signed);
    }
}
