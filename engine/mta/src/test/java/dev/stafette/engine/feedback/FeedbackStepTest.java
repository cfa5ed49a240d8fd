// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.ReturnAddress;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.syntax.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackStepTest {
    private static final String HEADER = "From: a@a.test\r\nX-Tenant: acme\r\nX-Campaign: fall sale";
    private static final String FEEDBACK = "feedback_addresses = bounces@a.test, fbl@a.test";

    @TempDir
    Path directory;

    private static String bounce(String recipient) {
        return "From: MAILER-DAEMON@mx.b.test\nSubject: Undelivered Mail Returned to Sender\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
                + "--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.b.test\n\n"
                + "Final-Recipient: rfc822; " + recipient + "\nAction: failed\nStatus: 5.2.2\n"
                + "Remote-MTA: dns; inner.b.test\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\n\n"
                + "--x\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@a.test>\nX-Tenant: other\n--x--";
    }

    private static String complaint(String sender) {
        return "From: fbl@yahoo.test\nSubject: FW: news\n"
                + "Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n"
                + "--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: Y/1\n"
                + "Original-Mail-From: <" + sender + ">\n\n"
                + "--x\nContent-Type: message/rfc822\n\nMessage-ID: <1@a.test>\nX-Campaign: header\n\ntext\n--x--";
    }

    private static String wire(Envelope envelope, int recipient) {
        return envelope.senderFor(envelope.recipients().get(recipient)).external();
    }

    @Test
    void tellsWhoseMessageABounceIsAboutWhateverItSaysItself() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory)) {
            Envelope envelope = mail.sent("bounces@a.test", true, HEADER, "ann@b.test", "bob@b.test");
            assertTrue(wire(envelope, 1).contains("=acme=fall~20sale+bob=b.test@a.test"), wire(envelope, 1));
            assertEquals("gone", mail.came(bounce("elsewhere@inner.b.test"), wire(envelope, 1)));
            assertEquals(
                    List.of("{\"event\": \"bounced-async\", \"sender\": \"bounces@a.test\", \"recipient\":"
                            + " \"elsewhere@inner.b.test\", \"original_recipient\": \"bob@b.test\", \"recipient_source\":"
                            + " \"seal\", \"verified\": true, \"tenant\": \"acme\", \"campaign\": \"fall sale\","
                            + " \"message_id\": \"<1@a.test>\", \"reporter\": \"dns; mx.b.test\", \"remote_mta\":"
                            + " \"inner.b.test\", \"status\": \"5.2.2\", \"response\": \"552 5.2.2 mailbox full\","
                            + " \"class\": \"quota\"}"),
                    mail.events());
            assertTrue(mail.log().contains("bounced-async of=<bob@b.test>, id="), "the mail log has it");
        }
    }

    @Test
    void findsTheSealInWhatAFeedbackLoopReturns() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK)) {
            Envelope envelope = mail.sent("bounces@a.test", true, HEADER, "ann@b.test");
            assertEquals("gone", mail.came(complaint(wire(envelope, 0)), "fbl@a.test"));
            String event = mail.events().get(0);
            assertTrue(event.startsWith("{\"event\": \"complaint\", \"sender\": \"bounces@a.test\","), event);
            assertTrue(event.contains("\"original_recipient\": \"ann@b.test\", \"recipient_source\": \"seal\""), event);
            assertTrue(event.contains("\"tenant\": \"acme\", \"campaign\": \"fall sale\""), event);
            assertTrue(event.contains("\"feedback_type\": \"abuse\", \"reporter\": \"Y/1\""), event);
            assertFalse(event.contains("\"class\""), event);
        }
    }

    @Test
    void takesVerpAddressesForWhatTheySay() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK)) {
            assertEquals("gone", mail.came(bounce("x@y.test"), "bounces+ann=b.test@a.test"));
            assertEquals("gone", mail.came(complaint("bounces+bob=b.test@a.test"), "FBL@A.test"));
            List<String> events = mail.events();
            assertTrue(
                    events.get(0)
                            .contains("\"original_recipient\": \"ann@b.test\", \"recipient_source\": \"verp\","
                                    + " \"tenant\": \"other\""),
                    events.get(0));
            assertTrue(
                    events.get(1)
                            .contains("\"original_recipient\": \"bob@b.test\", \"recipient_source\": \"verp\","
                                    + " \"campaign\": \"header\""),
                    events.get(1));
        }
    }

    @Test
    void goesByTheReportWhereTheAddressSaysNothing() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK)) {
            assertEquals("gone", mail.came(bounce("ann@b.test"), "bounces@a.test"));
            String event = mail.events().get(0);
            assertTrue(
                    event.contains("\"original_recipient\": \"ann@b.test\", \"recipient_source\": \"report\""), event);
        }
    }

    @Test
    void doesNotBelieveSealsOfOthersAndOldOnes() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory)) {
            Envelope envelope = mail.sent("bounces@a.test", true, HEADER, "ann@b.test");
            String forged = wire(envelope, 0).replace("ann=", "bob=");
            assertEquals("gone", mail.came(bounce("bob@b.test"), forged));
            assertEquals(
                    "gone", mail.came(bounce("bob@b.test"), envelope.sender().external()));
            mail.nowMs += 91 * ReturnedMail.DAY_MS;
            assertEquals("gone", mail.came(bounce("ann@b.test"), wire(envelope, 0)));
            assertEquals(List.of(), mail.events());
            String log = mail.log();
            assertTrue(log.contains("to=<" + forged + ">: ignored, the seal is not ours"), log);
            assertTrue(log.contains("ignored, the seal is too old"), log);
        }
    }

    @Test
    void tellsEachThingOnce() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory)) {
            Envelope envelope = mail.sent("bounces@a.test", true, HEADER, "ann@b.test", "bob@b.test");
            mail.came(bounce("ann@b.test"), wire(envelope, 0));
            mail.came(bounce("ann@b.test"), wire(envelope, 0));
            mail.came(bounce("bob@b.test"), wire(envelope, 1));
            mail.came(complaint("x@y.test"), wire(envelope, 0));
            assertEquals(3, mail.events().size());
            assertTrue(mail.log().contains(": told before"), "the replay");
        }
    }

    @Test
    void tellsNoEventOfOtherMail() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK)) {
            assertEquals("gone", mail.came("From: ann@b.test\nSubject: Re: news\n\nthanks\n.dots", "bounces@a.test"));
            assertEquals(
                    "gone",
                    mail.came("From: ann@b.test\nAuto-Submitted: auto-replied\nSubject: away\n\nx", "bounces@a.test"));
            assertEquals("gone", mail.came(bounce("ann@b.test").replace("failed", "delayed"), "bounces@a.test"));
            assertEquals(List.of(), mail.events());
            String log = mail.log();
            assertTrue(log.contains("to=<bounces@a.test>, not a report"), log);
            assertTrue(log.contains("to=<bounces@a.test>, an automatic reply"), log);
            assertTrue(log.contains("action=delayed: no event"), log);
        }
    }

    @Test
    void leavesTheMailToOthersAndPassesItOnWhereThatIsWanted() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK, "feedback_forward_address = ops@a.test")) {
            assertEquals("queued carol@a.test", mail.came(bounce("ann@b.test"), "carol@a.test"));
            assertEquals(
                    "queued carol@a.test ops@a.test",
                    mail.came(bounce("ann@b.test"), "carol@a.test", "bounces@a.test", "fbl@a.test"));
            assertEquals("queued ops@a.test", mail.came("From: x@b.test\n\nhello", "bounces@a.test"));
            assertEquals(1, mail.events().size());
        }
    }

    @Test
    void readsNoMoreOfAHugeReportThanItsTop() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK)) {
            assertEquals("gone", mail.came(bounce("ann@b.test") + "\nx".repeat(900_000), "bounces@a.test"));
            assertEquals(1, mail.events().size());
        }
    }

    @Test
    void sealsNobodyElsesSenders() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory)) {
            assertEquals(
                    "bounces@a.test",
                    mail.sent("bounces@a.test", false, HEADER, "ann@b.test")
                            .sender()
                            .external());
            assertEquals(
                    "x@c.test",
                    mail.sent("x@c.test", true, HEADER, "ann@b.test").sender().external());
            assertTrue(mail.sent("", true, HEADER, "ann@b.test").sender().isNull());
            assertNotNull(ReturnAddress.parse(
                    mail.sent("news@D.test", true, HEADER, "ann@b.test").sender()));
            // Back from a content filter.
            String sealed = wire(mail.sent("bounces@a.test", true, HEADER, "ann@b.test"), 0);
            assertEquals(
                    sealed,
                    mail.sent(sealed, true, HEADER, "ann@b.test").sender().external());
        }
    }

    @Test
    void leavesTheRecipientOutWhereTheAddressWouldBeTooLong() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, "return_address_local_part_limit = 64")) {
            Envelope shortOne = mail.sent("bo@a.test", true, "From: a@a.test", "ann@b.test");
            assertTrue(wire(shortOne, 0).endsWith("+ann=b.test@a.test"), wire(shortOne, 0));
            Envelope envelope = mail.sent("bounces@a.test", true, HEADER, "ann@b.test", "a-longer-name-too@b.test");
            assertNull(envelope.verp());
            assertEquals("gone", mail.came(bounce("ann@b.test"), wire(envelope, 0)));
            String event = mail.events().get(0);
            assertTrue(
                    event.contains("\"original_recipient\": \"ann@b.test\", \"recipient_source\": \"report\","
                            + " \"verified\": true, \"tenant\": \"acme\""),
                    event);
        }
    }

    @Test
    void believesOldKeysAndSealsWithTheFirst() throws IOException {
        String sealedBefore;
        try (ReturnedMail mail = new ReturnedMail(directory)) {
            sealedBefore = wire(mail.sent("bounces@a.test", true, HEADER, "ann@b.test"), 0);
            assertTrue(sealedBefore.contains("+rtk"), sealedBefore);
            Path keys = directory.resolve("keys");
            Files.writeString(keys, "n bmV3IGtleSBvZiBzaXh0ZWVu\n" + Files.readString(keys));
            assertTrue(wire(mail.sent("bounces@a.test", true, HEADER, "ann@b.test"), 0)
                    .contains("+rtn"));
            assertEquals("gone", mail.came(bounce("ann@b.test"), sealedBefore));
            Files.writeString(keys, "n bmV3IGtleSBvZiBzaXh0ZWVu\n");
            mail.came(bounce("ann@b.test"), sealedBefore);
            assertEquals(1, mail.events().size());
            assertTrue(mail.log().contains("the seal is not ours"), "of a key that has gone");
        }
    }

    @Test
    void saysWhatIsWrongWithKeysAndTellsNoneOfThem() throws IOException {
        for (String keys : List.of(
                "",
                "k",
                "k c2hvcnQ=",
                "1 MDEyMzQ1Njc4OWFiY2RlZg==",
                "kk MDEyMzQ1Njc4OWFiY2RlZg==",
                "k MDEyMzQ1Njc4OWFiY2RlZg==\nk MDEyMzQ1Njc4OWFiY2RlZh==",
                "k !MDEyMzQ1Njc4OWFiY2RlZg")) {
            Path file = Files.writeString(directory.resolve("bad"), keys + "\n");
            ConfigException bad = assertThrows(
                    ConfigException.class,
                    () -> ReturnAddresses.of(FakeHost.settings("return_address_key_file = " + file)));
            assertTrue(bad.getMessage().contains("return_address_key_file"), bad.getMessage());
            assertFalse(bad.getMessage().contains("MDEy"), bad.getMessage());
        }
    }

    @Test
    void tellsTheSenderOfAFailureOnlyWhereSomebodyReadsIt() throws IOException {
        try (ReturnedMail mail = new ReturnedMail(directory, FEEDBACK)) {
            Envelope envelope = mail.sent("bounces@a.test", true, HEADER, "ann@b.test");
            ReturnAddresses addresses = ReturnAddresses.of(mail.settings());
            assertNotNull(addresses);
            assertTrue(addresses.isUnread(envelope.sender()));
            assertTrue(addresses.isUnread(MailAddress.of("Bounces", "A.test")));
            assertFalse(addresses.isUnread(MailAddress.of("ann", "a.test")));
        }
    }

    @Test
    void costsNothingWhereItIsNotWanted() {
        assertNull(ReturnAddresses.of(FakeHost.settings()));
        FeedbackSteps steps = new FeedbackSteps(new SeenReports(), null, Runnable::run);
        assertNull(steps.of(FakeHost.settings()));
        assertNull(steps.sealOf(FakeHost.settings()));
    }
}
