// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures of strangers, whole and broken, and made to hurt. */
@Timeout(60)
class DkimVerificationTest {
    private static final TestSigner RSA = new TestSigner("RSA", 2048);
    private static final TestSigner ED25519 = new TestSigner("Ed25519", 0);
    private static final String MESSAGE = "From: Joe <joe@a.test>\r\n"
            + "To: x@b.test,\r\n"
            + "\ty@b.test  \r\n"
            + "Subject:  a  b\t\r\n\r\n"
            + "Hello \t you\r\n\r\n"
            + "..dot\r\n\r\n"
            + ".\r\n";

    private final VerifiedMail mail = new VerifiedMail();

    DkimVerificationTest() {
        mail.zone.text("k._domainkey.a.test", RSA.record());
        mail.zone.text("e._domainkey.a.test", ED25519.record());
    }

    @AfterEach
    void closes() {
        mail.close();
    }

    private String results(String message) {
        String results = VerifiedMail.results(mail.take(message));
        return results.replaceAll(" header\\.b=[^ ;]+", "");
    }

    private static String result(String results) {
        return results.replaceAll(" header\\.[^ ;]+", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"relaxed/relaxed", "relaxed/simple", "simple/relaxed", "simple/simple", "relaxed"})
    void verifiesWhatWasSigned(String forms) {
        assertEquals(
                "dkim=pass (2048-bit key) header.d=a.test header.s=k header.a=rsa-sha256",
                results(RSA.signed(MESSAGE, "c=" + forms)));
        assertEquals(
                "dkim=pass (256-bit key) header.d=a.test header.i=joe@sub.a.test header.s=e header.a=ed25519-sha256",
                results(ED25519.signed(MESSAGE, "c=" + forms, "s=e", "i=joe@sub.a.test")));
    }

    @Test
    void tellsOfEachSignature() {
        String twice = ED25519.signed(RSA.signed(MESSAGE), "s=e");

        assertEquals(
                "dkim=pass (256-bit key) header.d=a.test header.s=e header.a=ed25519-sha256;"
                        + " dkim=pass (2048-bit key) header.d=a.test header.s=k header.a=rsa-sha256",
                results(twice));
        assertEquals("dkim=none", results(MESSAGE));
    }

    @Test
    void seesWhatWasChangedOnTheWay() {
        String signed = RSA.signed(MESSAGE);

        assertEquals("dkim=fail (body hash did not verify)", result(results(signed.replace("Hello", "Hallo"))));
        assertEquals("dkim=fail (signature did not verify)", result(results(signed.replace("a  b", "a  c"))));
        assertEquals("dkim=pass (2048-bit key)", result(results(signed.replace("Hello \t you", "Hello you"))));
        assertEquals("dkim=pass (2048-bit key)", result(results(signed.replace("Subject:  a  b", "subject: a b"))));
        assertEquals(
                "dkim=fail (body hash did not verify)",
                result(results(RSA.signed(MESSAGE, "c=simple/simple").replace("Hello \t you", "Hello you"))));
        assertEquals("dkim=fail (signature did not verify)", result(results(signed.replace("b=", "b=AAAA"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        v=2                       | dkim=permerror (v=1 is missing)
        a=rsa-sha1                | dkim=permerror (a=rsa-sha1)
        a=ed25519-sha256          | dkim=permerror (the key is for RSA_SHA256)
        c=mad/relaxed             | dkim=permerror (c=mad/relaxed)
        h=To:Subject              | dkim=permerror (From is not in h=)
        i=joe@b.test              | dkim=permerror (i= is not of d=)
        i=joe@ba.test             | dkim=permerror (i= is not of d=)
        q=dns/xyz                 | dkim=permerror (q=dns/xyz)
        t=1699999000; x=1699999999 | dkim=fail (expired)
        t=1700000301              | dkim=fail (signed in the future)
        t=1700000300              | dkim=pass (2048-bit key)
        t=1700000000; x=1699999999 | dkim=permerror (x= before t=)
        t=12345678901234567890    | dkim=permerror (not a number)
        x=-1                      | dkim=permerror (not a number)
        d=none.test               | dkim=permerror (no key at k._domainkey.none.test)
        d=down.test               | dkim=temperror (no answer for the key)
        d=a..test                 | dkim=permerror (d= or s= is no name)
        s=revoked                 | dkim=permerror (the key is revoked)
        s=garbage                 | dkim=permerror (not a key)
        s=sha1                    | dkim=permerror (the key is not for sha256)
        s=chat                    | dkim=permerror (the key is not for mail)
        s=mail                    | dkim=pass (2048-bit key)
        s=testing                 | dkim=pass (2048-bit key, testing)
        s=strict; i=@a.test       | dkim=pass (2048-bit key)
        s=strict; i=@b.a.test     | dkim=permerror (the key is not for i=@b.a.test)
        s=short                   | dkim=policy (the key has 512 bits)
        s=version                 | dkim=permerror (the key's v=DKIM2)
        s=twice                   | dkim=permerror (the key is not a list of tags)
        """)
    void tellsWhatIsWrong(String tags, String expected) {
        String record = RSA.record().replace("v=DKIM1; ", "");
        mail.zone.fail("k._domainkey.down.test");
        mail.zone
                .text("revoked._domainkey.a.test", "v=DKIM1; p=")
                .text("20230601._domainkey.a.test", record)
                .text("garbage._domainkey.a.test", "v=DKIM1; p=AAAA")
                .text("sha1._domainkey.a.test", "h=sha1; " + record)
                .text("chat._domainkey.a.test", "s=chat; " + record)
                .text("mail._domainkey.a.test", "s=chat:email; h=sha1:sha256; " + record)
                .text("testing._domainkey.a.test", "t=y; " + record)
                .text("strict._domainkey.a.test", "t=y:s; " + record.replace("t=y:s", "t=s"))
                .text("short._domainkey.a.test", new TestSigner("RSA", 512).record())
                .text("version._domainkey.a.test", "v=DKIM2; " + record)
                .text("twice._domainkey.a.test", record + "; p=AAAA");

        assertEquals(
                expected.replace("key)", tags.contains("strict") ? "key, testing)" : "key)"),
                result(results(RSA.signed(MESSAGE, tags.split("; ")))));
    }

    @Test
    void wantsAllOfTheBodySigned() {
        String signed = RSA.signed(MESSAGE, "l=5");

        assertEquals("dkim=policy (only 5 bytes of the body are signed)", result(results(signed)));
        assertEquals(
                "dkim=policy (only 5 bytes of the body are signed)",
                result(results(signed.replace("\r\n.\r\n", "\r\n<p>Buy!\r\n.\r\n"))));
        assertEquals("dkim=fail (the body is shorter than signed)", result(results(RSA.signed(MESSAGE, "l=500"))));
        assertEquals("dkim=fail (body hash did not verify)", result(results(signed.replace("Hello", "Hallo"))));
        mail.configure("smtpd_authentication_methods = dkim", "dkim_accept_partial_body = yes");
        assertEquals("dkim=pass (2048-bit key)", result(results(signed)));
    }

    @Test
    void provesNothingWithAnotherFrom() {
        String signed = RSA.signed(MESSAGE);

        assertEquals("dkim=policy (a From that is not signed)", result(results("From: boss@a.test\r\n" + signed)));
        assertEquals(
                "dkim=policy (a From that is not signed)",
                result(results(signed.replace("\r\n\r\n", "\r\nFrom: boss@a.test\r\n\r\n"))));
        assertEquals(
                "dkim=fail (signature did not verify)",
                result(results(
                        RSA.signed(MESSAGE, "h=From:From:To").replace("Subject:", "From: x@a.test\r\nSubject:"))));
    }

    @Test
    void looksAtTenSignaturesOfAHundredThousand() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            many.append("DKIM-Signature: v=1\r\n");
        }

        try (VerifiedMail without = VerifiedMail.ofMany()) {
            String results = VerifiedMail.results(without.take(many + MESSAGE));

            assertEquals(10, results.split("dkim=permerror", -1).length - 1);
            assertTrue(results.contains("more signatures were not looked at"), results);
        }
    }

    @Test
    void hashesALargeBodyOnceForAllSignatures() {
        String large = MESSAGE.replace("Hello", "0123456789\r\n".repeat(200_000) + "Hello");

        assertEquals("dkim=pass (2048-bit key)", result(results(RSA.signed(large))));
        assertEquals(
                "dkim=pass (256-bit key); dkim=pass (2048-bit key)",
                result(results(ED25519.signed(RSA.signed(large, "c=simple/simple"), "s=e"))));
    }

    @Test
    void takesAwayWhatOthersSayInOurName() {
        String forged = "Authentication-Results: mx.b.test; dkim=pass\r\n"
                + "authentication-results: (a(b)\r\n\t\\)) \"MX.b.test\" 1; spf=pass\r\n"
                + "Authentication-Results: mx.b.testing; dkim=pass\r\n"
                + "Authentication-Results:\r\n\tMX.B.TEST\r\n\t; dmarc=pass\r\n";

        String stored = mail.take(forged + MESSAGE);

        assertEquals(2, stored.split("uthentication-", -1).length - 1, stored);
        assertTrue(stored.contains("Authentication-Results: mx.b.testing; dkim=pass"), stored);
        assertEquals("dkim=none", VerifiedMail.results(stored));
    }

    @Test
    void leavesMailOfThoseAloneWhoNeedNotProveAnything() {
        mail.isStranger = false;

        String stored = mail.take("Authentication-Results: mx.b.test; dkim=pass\r\n" + MESSAGE);

        assertTrue(stored.contains("\r\nAuthentication-Results: mx.b.test; dkim=pass\r\n"), stored);
        assertFalse(stored.contains("dkim=none"), stored);
    }

    @Test
    void waitsForTheDnsAndNoLongerThanItMay() {
        mail.zone.late();
        String signed = RSA.signed(MESSAGE);

        assertEquals("", mail.take(signed));
        mail.zone.owed.remove().run();
        assertEquals(
                "dkim=pass (2048-bit key)",
                result(VerifiedMail.results(mail.last()).replaceAll(" header.b=[^ ;]+", "")));

        assertEquals("", mail.take(signed));
        mail.channel.advanceTimeBy(21, TimeUnit.SECONDS);
        mail.channel.runScheduledPendingTasks();
        assertEquals(
                "dkim=temperror (no answer for the key)",
                result(VerifiedMail.results(mail.last()).replaceAll(" header.b=[^ ;]+", "")));
        // And what comes too late changes nothing.
        mail.zone.owed.remove().run();
        assertEquals("", mail.last());
    }

    @Test
    void writesWhatStrangersChooseSoThatItHarmsNobody() {
        String results = results(RSA.signed(MESSAGE, "i=a\"b\\c(\u00e9@a.test"));

        assertTrue(results.contains("header.i=\"a\\\"b\\\\c"), results);
    }
}
