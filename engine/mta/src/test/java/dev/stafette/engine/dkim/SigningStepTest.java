// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.intake.IntakeStep;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.james.jdkim.DKIMVerifier;
import org.apache.james.jdkim.exceptions.FailException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which mail is signed, with which keys; Apache's jDKIM reads the signatures. */
class SigningStepTest {
    private static final String RSA = "r a.test:mail:rsa.pem";
    private static final String ED25519 = "e a.test:ed:ed25519.pem";
    private static final String MESSAGE = "From: Joe <joe@a.test>\r\n"
            + "To: x@b.test\r\n"
            + "Subject: a  b\r\n"
            + "\tc \r\n\r\n"
            + "Hi  there \r\n"
            + "..dot\r\n\r\n\r\n"
            + ".\r\n";
    private static final String LATER = "451 4.3.0 Error: queue file write error";
    private static final Pattern TAGS = Pattern.compile("d=([^;]+);\\s+s=([^;]+);");

    @TempDir
    Path directory;

    private final FakeTables tables = new FakeTables();
    private SignedMail mail;

    @BeforeEach
    void makesKeys() throws IOException {
        mail = new SignedMail(directory);
    }

    @AfterEach
    void releasesEverything() {
        mail.close();
    }

    /** Domain and selector of each signature, from the top. */
    private static String signers(String message) {
        StringBuilder signers = new StringBuilder();
        Matcher tags = TAGS.matcher(message);
        while (tags.find()) {
            signers.append(tags.group(1)).append(':').append(tags.group(2)).append(' ');
        }
        return signers.toString().strip();
    }

    /** The wire form's content. */
    private static byte[] content(String wire) {
        String content = wire.substring(0, wire.length() - ".\r\n".length()).replace("\r\n.", "\r\n");
        return content.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void verify(String wire) throws IOException, FailException {
        DKIMVerifier verifier = new DKIMVerifier((method, selector, domain) -> List.of("v=DKIM1; " + mail.rsaRecord()));
        assertEquals(1, verifier.verify(new ByteArrayInputStream(content(wire))).size(), wire);
    }

    @Test
    void signsSoThatAnotherReadsIt() throws IOException, FailException {
        for (String header : List.of("simple", "relaxed")) {
            for (String body : List.of("simple", "relaxed")) {
                IntakeStep step = mail.step(tables, List.of(RSA), "dkim_canonicalization = " + header + "/" + body);
                String signed = mail.sent(step, true, MESSAGE);
                assertTrue(signed.startsWith("DKIM-Signature: v=1; a=rsa-sha256; c=" + header + "/" + body), signed);
                verify(signed);
                assertThrows(FailException.class, () -> verify(signed.replace("Hi", "Ho")));
                assertThrows(FailException.class, () -> verify(signed.replace("Subject: a", "Subject: x")));
                assertThrows(
                        FailException.class,
                        () -> verify(signed.replace("To: x@b.test", "From: other\r\nTo: x@b.test")));
            }
        }
    }

    @Test
    void signsAMessageThatLeavesInChunks() throws IOException, FailException {
        IntakeStep step = mail.step(tables, List.of(RSA));
        String text = ("x".repeat(61) + " \r\n").repeat(10_000);
        verify(mail.sent(step, true, "From: a@a.test\r\n\r\n" + text + ".\r\n"));
    }

    @Test
    void signsAHeaderWithoutABody() throws IOException {
        IntakeStep step = mail.step(tables, List.of(RSA));
        // jDKIM 0.5 takes an empty body for an empty line here; dkimpy does as the RFC does.
        String signed = mail.sent(step, true, "From: a@a.test\r\n\r\n.\r\n");
        assertTrue(signed.contains("bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;"), signed);
        assertEquals("a.test:mail", signers(mail.sent(step, true, "From: a@a.test\r\nno field\r\n.\r\n")));
    }

    @Test
    void signsWithAllKeysOfTheAuthorsDomain() throws IOException {
        IntakeStep step = mail.step(tables, List.of(RSA, ED25519, "o o.test:mail:rsa.pem", "", "# a comment"));
        String signed = mail.sent(step, true, MESSAGE);
        assertEquals("a.test:mail a.test:ed", signers(signed));
        assertTrue(signed.contains("a=ed25519-sha256;"), signed);
        assertEquals("o.test:mail", signers(mail.sent(step, true, MESSAGE.replace("joe@a.test", "joe@sub.O.test"))));
        assertEquals("", signers(mail.sent(step, true, MESSAGE.replace("joe@a.test", "joe@b.test"))));
    }

    @Test
    void leavesToOtherThreadsWhatTakesItsTime() throws IOException {
        mail.sent(mail.step(tables, List.of(RSA)), true, MESSAGE);
        assertEquals(1, mail.handOvers());
        mail.sent(mail.step(tables, List.of(RSA, ED25519)), true, MESSAGE);
        assertEquals(2, mail.handOvers(), "once a message");
        String signed = mail.sent(mail.step(tables, List.of(ED25519)), true, MESSAGE);
        assertEquals("a.test:ed", signers(signed));
        // Java's own arithmetic takes a millisecond.
        int handOvers = SigningProvider.fastest() == SigningProvider.NATIVE ? 2 : 3;
        assertEquals(handOvers, mail.handOvers());
        List<String> many = Stream.of("1", "2", "3", "4", "5")
                .map(name -> name + ED25519.substring(1))
                .toList();
        mail.sent(mail.step(tables, many), true, MESSAGE);
        assertEquals(handOvers + 1, mail.handOvers(), "many together take their time as well");
    }

    @Test
    void signsTheSameWithNativeCodeAndWithout() throws IOException, GeneralSecurityException {
        for (String file : List.of("rsa.pem", "ed25519.pem")) {
            String pem = Files.readString(directory.resolve(file));
            List<byte[]> pieces = List.of("one".getBytes(StandardCharsets.US_ASCII), new byte[5000]);
            assertArrayEquals(
                    signature(pem, SigningProvider.JAVA, pieces),
                    signature(pem, SigningProvider.fastest(), pieces),
                    file);
        }
    }

    private static byte[] signature(String pem, SigningProvider provider, List<byte[]> pieces)
            throws GeneralSecurityException {
        return new SigningKey("a.test", "mail", KeyFile.read(pem, provider), provider).sign(pieces);
    }

    @Test
    void signsInTheNameOfAnyDomainWhereAKeySaysSo() throws IOException {
        IntakeStep step = mail.step(tables, List.of(RSA, "any %:mail:rsa.pem"));
        assertEquals("x.b.test:mail", signers(mail.sent(step, true, MESSAGE.replace("joe@a.test", "joe@X.b.test"))));
        assertEquals("a.test:mail", signers(mail.sent(step, true, MESSAGE)));
    }

    @Test
    void signsNothingOfOthersAndNothingThatHasNoAuthor() throws IOException {
        IntakeStep step = mail.step(tables, List.of(RSA));
        assertEquals("", signers(mail.sent(step, false, MESSAGE)));
        assertEquals("", signers(mail.sent(step, true, MESSAGE.replace("joe@a.test", "joe"))));
        assertEquals("", signers(mail.sent(step, true, "Subject: x\r\n\r\n.\r\n")));
    }

    @Test
    void asksTheSigningTableForTheAddressAndItsDomains() throws IOException {
        IntakeStep step = mail.step(tables.table("fake:x"), List.of(RSA), "dkim_signing_table = fake:x");
        mail.sent(step, true, MESSAGE.replace("joe@a.test", "Joe@sub.A.test"));
        assertEquals(List.of("Joe@sub.a.test", "sub.a.test", ".a.test", ".test", "*"), tables.asked);
    }

    @Test
    void signsWithTheKeysThatTheTableNames() throws IOException {
        tables.table("fake:x", "a.test");
        IntakeStep step = mail.step(tables, List.of("1 z.test:z:rsa.pem", RSA), "dkim_signing_table = fake:x");
        assertEquals("z.test:z", signers(mail.sent(step, true, MESSAGE)));
    }

    @Test
    void refusesForNowWhatItCannotSign() throws IOException {
        IntakeStep unknown = mail.step(tables.table("fake:x", "a.test"), List.of(RSA), "dkim_signing_table = fake:x");
        assertEquals(LATER, mail.sent(unknown, true, MESSAGE).strip());
        IntakeStep mute = mail.step(tables, List.of(RSA), "dkim_signing_table = mute:x");
        assertEquals(LATER, mail.sent(mute, true, MESSAGE).strip());
        assertTrue(mail.log().contains("'1' (expected: a name of dkim_key_table)"), mail.log());
    }

    @Test
    void waitsForATableThatTakesItsTime() throws IOException, FailException {
        tables.table("fake:x", "a.test").slow("fake:x");
        IntakeStep step = mail.step(tables, List.of("1 a.test:mail:rsa.pem"), "dkim_signing_table = fake:x");
        assertEquals("", mail.sent(step, true, MESSAGE));
        while (!tables.lookups.isEmpty()) {
            tables.lookups.remove().run();
            mail.settle();
        }
        verify(mail.last());
    }

    @Test
    void readsTheOlderFormOfRsaKeys() throws IOException, FailException {
        // PKCS #8 has it behind 26 bytes.
        byte[] pkcs8 = mail.rsaPkcs8();
        mail.writePem("old.pem", "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
        verify(mail.sent(mail.step(tables, List.of("r a.test:mail:old.pem")), true, MESSAGE));
    }

    @Test
    void takesANumberAsASelector() throws IOException {
        String signed = mail.sent(mail.step(tables, List.of("r a.test:2026:rsa.pem")), true, MESSAGE);
        assertTrue(signed.contains("d=a.test; s=2026;"), signed);
    }

    @Test
    void limitsHowLongASignatureHolds() throws IOException {
        String signed = mail.sent(mail.step(tables, List.of(RSA), "dkim_signature_time_to_live = 1h"), true, MESSAGE);
        assertTrue(signed.contains("t=1700000000; x=1700003600;"), signed);
    }

    @Test
    void doesNotStartWithWrongKeys() throws IOException {
        Files.writeString(directory.resolve("text.pem"), "no key");
        Files.writeString(
                directory.resolve("broken.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertRefused("r a.test:mail", "line 1: expected: name domain:selector:file");
        assertRefused("r a..b:mail:rsa.pem", "'a..b' (expected: a domain");
        assertRefused("r a.test:a..b:rsa.pem", "'a..b' (expected: a selector");
        assertRefused("r a.test:mail:none.pem", "cannot read");
        assertRefused("r a.test:mail:text.pem", "text.pem: expected: a private key in PEM form");
        assertRefused("r a.test:mail:broken.pem", "broken.pem: expected: a private key in PEM form");
        assertRefused(RSA + "\n" + RSA, "line 2: 'r' stands here twice");
    }

    private void assertRefused(String keys, String reason) {
        ConfigException wrong = assertThrows(ConfigException.class, () -> mail.step(tables, List.of(keys.split("\n"))));
        assertTrue(String.valueOf(wrong.getMessage()).contains(reason), wrong.getMessage());
        assertFalse(String.valueOf(wrong.getMessage()).contains("null"), wrong.getMessage());
    }
}
