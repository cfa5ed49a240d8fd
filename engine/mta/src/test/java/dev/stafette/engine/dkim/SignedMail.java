// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.TestIntake;
import dev.stafette.engine.intake.TestSteps;
import dev.stafette.engine.match.ListTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Messages on their way through a server that signs, with keys in a directory of their own. */
final class SignedMail implements AutoCloseable {
    private static final int ED25519_BYTES = 32;

    /** A key takes a second to make. */
    private static final KeyPair RSA = pair("RSA");

    private static final KeyPair ED25519 = pair("Ed25519");

    private final Path directory;
    private final TestIntake intake = new TestIntake();
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
        Envelope envelope = Envelope.of(
                MailAddress.of("a", "a.test"), List.of(new EnvelopeRecipient(MailAddress.of("u", "b.test"))));
        long id = intake.queue().nextQueueId(0);
        intake.send(
                TestSteps.settings(step),
                intake.arrival(id, 1_700_000_000_000L, envelope, isOurs, null),
                wire.getBytes(StandardCharsets.ISO_8859_1));
        return last();
    }

    /** The end of the last message, once it has one. */
    String last() {
        String end = intake.takeEnd();
        return end.equals(TestIntake.TAKEN) ? intake.lastKept().content() : end;
    }

    /** What its owner has to do is done. */
    void settle() {
        intake.settle();
    }

    String log() {
        return String.join("\n", intake.log().lines());
    }

    @Override
    public void close() {
        intake.close();
    }
}
