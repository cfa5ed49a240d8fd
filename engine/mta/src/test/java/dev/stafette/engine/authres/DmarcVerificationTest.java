// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SPF and DMARC of mail from strangers, and what follows from it. */
@Timeout(60)
class DmarcVerificationTest {
    private static final TestSigner KEY = new TestSigner("Ed25519", 0);

    @TempDir
    Path directory;

    private final VerifiedMail mail = new VerifiedMail();
    private String suffixes = "";

    @BeforeEach
    void configures() throws IOException {
        suffixes = "dmarc_public_suffix_file = "
                + Files.write(directory.resolve("psl"), List.of("// a list", "test", "co.test", "*.ck", "!www.ck"));
        mail.zone
                .text("k._domainkey.a.test", KEY.record())
                .text("k._domainkey.sub.a.test", KEY.record())
                .text("k._domainkey.other.test", KEY.record())
                .text("us.test", "v=spf1 ip4:192.0.2.7 -all")
                .text("a.test", "v=spf1 ip4:192.0.2.7 -all")
                .text("b.a.test", "v=spf1 ip4:192.0.2.7 -all")
                .text("_dmarc.a.test", "v=DMARC1; p=reject; sp=quarantine; np=reject")
                .text("_dmarc.strict.test", "v=DMARC1; p=reject; adkim=s; aspf=s")
                .text("_dmarc.half.test", "v=DMARC1; p=reject; pct=0")
                .text("_dmarc.reports.test", "v=DMARC1; p=mad; rua=mailto:x@reports.test")
                .text("_dmarc.mad.test", "v=DMARC1; p=mad")
                .text("_dmarc.two.test", "v=DMARC1; p=reject")
                .text("_dmarc.two.test", "v=DMARC1; p=reject")
                .text("_dmarc.shop.co.test", "v=DMARC1; p=quarantine")
                .address("there.a.test", "192.0.2.9")
                .fail("_dmarc.down.test");
        action("none");
    }

    private void action(String action) {
        mail.configure("smtpd_authentication_methods = spf dmarc", "dmarc_failure_action = " + action, suffixes);
    }

    @AfterEach
    void closes() {
        mail.close();
    }

    private static String message(String from) {
        return "From: " + from + "\r\nSubject: s\r\n\r\nHello\r\n.\r\n";
    }

    private String results(String sender, String message) {
        mail.sender = sender;
        return VerifiedMail.results(mail.take(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        s@a.test    | joe@a.test         | spf=pass smtp.mailfrom=s@a.test; dmarc=pass (p=reject) header.from=a.test
        s@b.a.test  | joe@a.test         | spf=pass smtp.mailfrom=s@b.a.test; dmarc=pass (p=reject) header.from=a.test
        s@us.test   | joe@a.test         | spf=pass smtp.mailfrom=s@us.test; dmarc=fail (p=reject) header.from=a.test
        s@us.test   | joe@there.a.test   | spf=pass smtp.mailfrom=s@us.test; dmarc=fail (p=quarantine) header.from=there.a.test
        s@us.test   | joe@gone.a.test    | spf=pass smtp.mailfrom=s@us.test; dmarc=fail (p=reject) header.from=gone.a.test
        s@us.test   | joe@none.test      | spf=pass smtp.mailfrom=s@us.test; dmarc=none header.from=none.test
        s@us.test   | joe@two.test       | spf=pass smtp.mailfrom=s@us.test; dmarc=none header.from=two.test
        s@us.test   | joe@mad.test       | spf=pass smtp.mailfrom=s@us.test; dmarc=none header.from=mad.test
        s@us.test   | joe@reports.test   | spf=pass smtp.mailfrom=s@us.test; dmarc=fail (p=none) header.from=reports.test
        s@us.test   | joe@half.test      | spf=pass smtp.mailfrom=s@us.test; dmarc=fail (p=reject pct=0) header.from=half.test
        s@us.test   | joe@x.shop.co.test | spf=pass smtp.mailfrom=s@us.test; dmarc=fail (p=quarantine) header.from=x.shop.co.test
        s@co.test   | joe@shop.co.test   | spf=none smtp.mailfrom=s@co.test; dmarc=fail (p=quarantine) header.from=shop.co.test
        s@us.test   | Joe                | spf=pass smtp.mailfrom=s@us.test; dmarc=permerror (no author)
        ''          | joe@a.test         | spf=none smtp.helo=helo.test; dmarc=fail (p=reject) header.from=a.test
        """)
    void tellsWhoseMailItIs(String sender, String from, String expected) {
        assertEquals(expected, results(sender, message(from)));
    }

    @Test
    void isUndecidedWhereTheDnsIs() {
        assertTrue(results("s@us.test", message("joe@down.test")).contains("dmarc=temperror"));
        mail.zone.fail("k._domainkey.half.test");
        assertTrue(results("s@us.test", KEY.signed(message("joe@half.test"), "d=half.test"))
                .contains("dmarc=temperror"));
    }

    @Test
    void takesASignatureOfTheSameOrganization() {
        assertTrue(results("s@us.test", KEY.signed(message("joe@a.test"), "d=sub.a.test"))
                .contains("dmarc=pass"));
        assertTrue(results("s@us.test", KEY.signed(message("joe@b.a.test"), "d=a.test"))
                .contains("dmarc=pass"));
        assertTrue(results("s@us.test", KEY.signed(message("joe@a.test"), "d=other.test"))
                .contains("dmarc=fail"));
        assertTrue(results("s@us.test", KEY.signed(message("joe@a.test")).replace("Hello", "Hallo"))
                .contains("dmarc=fail"));
    }

    @Test
    void takesOnlyTheVeryDomainWhereThatIsWanted() {
        mail.zone
                .text("k._domainkey.strict.test", KEY.record())
                .text("k._domainkey.x.strict.test", KEY.record())
                .text("x.strict.test", "v=spf1 ip4:192.0.2.7 -all");

        assertTrue(results("s@x.strict.test", message("joe@strict.test")).contains("dmarc=fail"));
        assertTrue(results("s@us.test", KEY.signed(message("joe@strict.test"), "d=x.strict.test"))
                .contains("dmarc=fail"));
        assertTrue(results("s@us.test", KEY.signed(message("joe@strict.test"), "d=strict.test"))
                .contains("dmarc=pass"));
    }

    @Test
    void asksForAllAuthorsAndTakesTheWorst() {
        assertTrue(results("s@us.test", message("x@us.test, joe@a.test")).contains("dmarc=fail (p=reject)"));
        assertTrue(results("s@us.test", "From: x@us.test\r\n" + message("joe@a.test"))
                .contains("dmarc=fail (p=reject)"));
        assertTrue(results("s@us.test", message("a@1.test, a@2.test, a@3.test, a@4.test, a@5.test, a@6.test"))
                .contains("dmarc=permerror (too many authors)"));
    }

    @Test
    void doesWhatTheDomainWantsOnlyWhereItIsAsked() {
        action("policy");
        assertEquals(
                "550 5.7.1 Message rejected: not from a.test, as its DMARC record has it",
                results("s@us.test", message("joe@a.test")));
        results("s@us.test", message("joe@there.a.test"));
        assertTrue(mail.isHeld());
        assertTrue(mail.log().contains("hold: DMARC of there.a.test p=quarantine"), mail.log());
        results("s@us.test", message("joe@half.test"));
        // The next milder policy for the mail that is not drawn.
        assertTrue(mail.isHeld());
        results("s@us.test", message("joe@reports.test"));
        assertFalse(mail.isHeld());

        action("hold");
        results("s@us.test", message("joe@a.test"));
        assertTrue(mail.isHeld());
        results("s@a.test", message("joe@a.test"));
        assertFalse(mail.isHeld());

        action("none");
        results("s@us.test", message("joe@a.test"));
        assertFalse(mail.isHeld());
    }

    @Test
    void refusesNobodyBecauseTheDnsIsSlow() {
        action("policy");
        mail.zone.late();

        assertEquals("", results("s@us.test", message("joe@a.test")));
        mail.channel.advanceTimeBy(21, TimeUnit.SECONDS);
        mail.channel.runScheduledPendingTasks();

        String results = VerifiedMail.results(mail.last());
        assertTrue(results.contains("spf=temperror"), results);
        assertTrue(results.contains("dmarc=temperror"), results);
    }

    @Test
    void doesNotStartWithoutTheList() {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> mail.configure(
                        "smtpd_authentication_methods = dmarc", "dmarc_public_suffix_file = /nonexistent"));

        assertTrue(String.valueOf(e.getMessage()).contains("dmarc_public_suffix_file"), e.getMessage());
        assertThrows(ConfigException.class, () -> mail.configure("smtpd_authentication_methods = magic"));
    }
}
