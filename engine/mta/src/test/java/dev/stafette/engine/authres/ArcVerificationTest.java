// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.names.FakeZone;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chains of seals: made by one host after the other, and broken in between. */
@Timeout(60)
class ArcVerificationTest {
    private static final TestSigner RSA = new TestSigner("RSA", 2048);
    private static final TestSigner ED25519 = new TestSigner("Ed25519", 0);
    private static final String MESSAGE =
            "From: Joe <joe@a.test>\r\nTo: x@b.test\r\nSubject:  a  b\t\r\n\r\nHello \t you\r\n\r\n.\r\n";

    @TempDir
    Path directory;

    private final VerifiedMail mail = new VerifiedMail();

    @BeforeEach
    void configures() throws IOException {
        mail.zone.text("r._domainkey.hop.test", RSA.record());
        mail.zone.text("e._domainkey.hop.test", ED25519.record());
        mail.configure("smtpd_authentication_methods = arc");
    }

    @AfterEach
    void closes() {
        mail.close();
    }

    private IntakeStep seal(TestSigner signer, String selector) throws IOException {
        Path file = directory.resolve(selector + ".pem");
        Files.writeString(
                file,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(signer.keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Settings settings = FakeHost.settings(
                "myhostname = mx.b.test",
                "smtpd_authentication_methods = arc",
                "arc_sealing_key = hop.test:" + selector + ":" + file);
        return Objects.requireNonNull(
                new VerificationSteps(new NameQuestions(new FakeZone(), HostsFile.of(List.of())), Runnable::run)
                        .sealOf(settings));
    }

    private String result(String message) {
        return VerifiedMail.results(mail.take(message));
    }

    /** The message after so many hosts that seal. */
    private String sealed(int hops) throws IOException {
        List<IntakeStep> seals = List.of(seal(RSA, "r"), seal(ED25519, "e"));
        String message = MESSAGE;
        for (int i = 0; i < hops; i++) {
            mail.endWith(seals.get(i % 2));
            message = mail.take(message);
            mail.endWithNothing();
        }
        return message;
    }

    @Test
    void holdsAsLongAsEveryHostSeals() throws IOException {
        assertEquals("arc=none", result(MESSAGE));
        assertEquals("arc=pass (i=1)", result(sealed(1)));
        assertEquals("arc=pass (i=5)", result(sealed(5)));
    }

    @Test
    void breaksWithAnythingThatIsChangedBehindTheLastSeal() throws IOException {
        String sealed = sealed(3);

        assertTrue(result(sealed.replace("Hello", "Hallo")).startsWith("arc=fail (message signature i=3: body hash"));
        assertEquals(
                "arc=fail (message signature i=3: signature did not verify)", result(sealed.replace("a  b", "a  c")));
        assertEquals("arc=pass (i=3)", result(sealed.replace("Subject:  a  b", "subject: a b")));
        for (String change : List.of("i=2; mx.b.test;|i=2; mx.c.test;", "cv=pass|cv=none", "cv=none|cv=pass")) {
            String[] parts = change.split("\\|");
            assertTrue(result(sealed.replaceFirst(parts[0], parts[1])).startsWith("arc=fail"), change);
        }
    }

    @Test
    void wantsEachSetWholeAndOnce() throws IOException {
        String sealed = sealed(2);
        String withoutSeal = sealed.replaceFirst("(?s)ARC-Seal: i=1.*?\r\n(?![ \t])", "");
        String withoutResults = sealed.replaceFirst("(?s)ARC-Authentication-Results: i=2.*?\r\n(?![ \t])", "");

        assertEquals("arc=fail (i=1 is not complete)", result(withoutSeal));
        assertEquals("arc=fail (i=2 is not complete)", result(withoutResults));
        assertEquals("arc=fail (i=2 twice)", result("ARC-Seal: i=2; a=b\r\n" + sealed));
        assertEquals("arc=fail (i= of ARC-Seal)", result("ARC-Seal: a=b\r\n" + sealed));
        assertEquals("arc=fail (i= of ARC-Seal)", result("ARC-Seal: i=51; a=b\r\n" + sealed));
        assertEquals("arc=fail (i= of ARC-Seal)", result("ARC-Seal: i=0\r\n" + sealed));
        assertEquals(
                "arc=fail (i= of ARC-Authentication-Results)",
                result("ARC-Authentication-Results: mx; i=3\r\n" + sealed));
        assertEquals("arc=fail (the seal has h=)", result(sealed.replaceFirst("cv=pass;", "cv=pass; h=from;")));
    }

    @Test
    void isUndecidedWhereTheDnsIs() throws IOException {
        String sealed = sealed(1).replaceAll("s=r;", "s=down;");
        mail.zone.fail("down._domainkey.hop.test");

        assertTrue(result(sealed).startsWith("arc=temperror"), result(sealed));
    }

    @Test
    void sealsABrokenChainOnceAndAddsNothingToIt() throws IOException {
        String broken = sealed(1).replace("Hello", "Hallo");
        mail.endWith(seal(RSA, "r"));

        String once = mail.take(broken);
        String twice = mail.take(once);

        assertTrue(once.contains("ARC-Seal: i=2; a=rsa-sha256; cv=fail;"), once);
        assertEquals(once.split("ARC-Seal:", -1).length, twice.split("ARC-Seal:", -1).length);
        assertFalse(twice.contains("i=3"), twice);
    }

    @Test
    void stopsAtFiftySets() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 1; i <= 50; i++) {
            for (String field : List.of("ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results")) {
                many.append(field)
                        .append(": i=")
                        .append(i)
                        .append("; a=b; cv=")
                        .append(i == 1 ? "none" : "pass")
                        .append("\r\n");
            }
        }
        mail.endWith(seal(RSA, "r"));

        String stored = mail.take(many + MESSAGE);

        assertTrue(VerifiedMail.results(stored).startsWith("arc=fail"), stored);
        assertFalse(stored.contains("i=51"), stored);
    }
}
