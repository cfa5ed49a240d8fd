// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages on their way through a server that signs, with keys in a directory of their own. */
final class SignedMail implements AutoCloseable {
    private static final int ED25519_BYTES = 32;

    /** A key takes a second to make. */
    private static final KeyPair RSA = pair("RSA");

    private static final KeyPair ED25519 = pair("Ed25519");

    private final Path directory;
    private final KeptQueue queue = new KeptQueue();
    private final KeptLog log = new KeptLog();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final IntakeLoop loop =
            new IntakeLoop(channel.eventLoop(), UnpooledByteBufAllocator.DEFAULT, queue, ZoneOffset.UTC, 3 << 20);
    private final List<String> ends = new ArrayList<>();
    private int handOvers;

    /** Files {@code rsa.pem} and {@code ed25519.pem}. */
    SignedMail(Path directory) throws IOException {
        this.directory = directory;
        writePem("rsa.pem", "PRIVATE KEY", RSA.getPrivate().getEncoded());
        writePem("ed25519.pem", "PRIVATE KEY", ED25519.getPrivate().getEncoded());
    }

    private static KeyPair pair(String algorithm) {
        try {
            // RSA has 2048 bits by default since Java 9.
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    void writePem(String name, String label, byte[] der) throws IOException {
        Files.writeString(
                directory.resolve(name),
                "-----BEGIN " + label + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label
                        + "-----\n");
    }

    byte[] rsaPkcs8() {
        return RSA.getPrivate().getEncoded();
    }

    /** What a name server has for the keys, without the tag v. */
    String rsaRecord() {
        return "k=rsa; p=" + Base64.getEncoder().encodeToString(RSA.getPublic().getEncoded());
    }

    String ed25519Record() {
        byte[] der = ED25519.getPublic().getEncoded();
        byte[] key = Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length);
        return "k=ed25519; p=" + Base64.getEncoder().encodeToString(key);
    }

    /** {@code keys}: lines of the key table. */
    IntakeStep step(ListTables tables, List<String> keys, String... mainCf) throws IOException {
        Path table = directory.resolve("keys");
        Files.write(table, keys);
        List<String> lines = new ArrayList<>(List.of("dkim_key_table = " + table));
        lines.addAll(Arrays.asList(mainCf));
        Settings settings = FakeHost.settings(lines.toArray(new String[0]));
        IntakeStep step = new SigningSteps(tables, this::sign).of(settings);
        if (step == null) {
            throw new IllegalStateException("nothing is signed");
        }
        return step;
    }

    private void sign(Runnable signing) {
        handOvers++;
        signing.run();
    }

    /** How often signatures were left to other threads. */
    int handOvers() {
        return handOvers;
    }

    /** What comes of it: the message as it is stored, one char a byte; or the reply that refuses it. {@code wire}: with its dot line. */
    String sent(IntakeStep step, boolean isOurs, String wire) {
        MessageIntake message = open(step, isOurs);
        byte[] bytes = wire.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < bytes.length; at += 50_000) {
            int length = Math.min(50_000, bytes.length - at);
            message.room(length).writeBytes(bytes, at, length);
            if (at + length < bytes.length) {
                message.onWritten();
                channel.runPendingTasks();
            }
        }
        message.end(0);
        channel.runPendingTasks();
        return last();
    }

    /** The end of the last message, once it has one. */
    String last() {
        String end = ends.isEmpty() ? "" : ends.remove(ends.size() - 1);
        return end.equals("queued")
                ? queue.messages().get(queue.messages().size() - 1).content()
                : end;
    }

    private MessageIntake open(IntakeStep step, boolean isOurs) {
        long id = queue.nextQueueId(0);
        Arrival arrival = new Arrival(
                Entrance.SMTP,
                id,
                QueueId.format(id),
                1_700_000_000_000L,
                0,
                Envelope.of(
                        MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test")))),
                ReceivedHeader.ofUser(0, "mx.b.test", "Stafette"),
                false,
                false,
                null,
                "",
                isOurs,
                null);
        IntakeListener session = new IntakeListener() {
            @Override
            public void onRoom() {}

            @Override
            public void onEnd(@Nullable SmtpReply refusal) {
                ends.add(refusal == null ? "queued" : refusal.toString());
            }
        };
        return new MessageIntake(loop, TestSteps.settings(step), arrival, session, log.log());
    }

    /** What its owner has to do is done. */
    void settle() {
        channel.runPendingTasks();
    }

    String log() {
        return String.join("\n", log.lines());
    }

    @Override
    public void close() {
        channel.runPendingTasks();
        channel.finishAndReleaseAll();
        log.close();
        assertEquals(0, loop.bodyBytes());
    }
}
