// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.RecordingSink;
import dev.stafette.engine.RecordingSink.Message;
import dev.stafette.engine.demo.MtaDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code sendmail -bv}, {@code -v} and {@code -XV}: who is told what of recipients, from the command to the mailbox. */
@Timeout(300)
class AddressReportIT {
    private static final String ANNOUNCEMENT = "Mail Delivery Status Report will be mailed to <me@a.test>.\n";

    private Path parent;
    private RecordingSink site;
    private RunningMta mta;

    @BeforeEach
    void start() throws Exception {
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "reports");
        site = RecordingSink.open(AddressReportIT::reply);
        mta = new RunningMta(parent, "relayhost = [127.0.0.1]:" + site.port(), "minimal_backoff_time = 1000s");
    }

    @AfterEach
    void stop() throws Exception {
        mta.close();
        site.close();
        MtaDirectory.delete(parent);
    }

    private static String reply(String command) {
        if (command.contains("<no")) {
            return "550 5.1.1 no such user";
        }
        return command.contains("<later") ? "450 4.2.1 mailbox busy" : "250 2.1.5 known";
    }

    private void assertSays(Message report, String... lines) {
        for (String line : lines) {
            assertTrue(("\n" + report.content()).contains("\n" + line + "\n"), "no " + line + " in " + report);
        }
    }

    private String log() throws Exception {
        return Files.readString(mta.directory().path().resolve("mail.log"));
    }

    @Test
    void tellsWhoCouldBeReached() throws Exception {
        assertEquals(
                new Spoken(0, ANNOUNCEMENT, ""),
                mta.runWithInput(
                        "never read", "sendmail", "-f", "me@a.test", "-bv", "yes@b.test", "no@b.test", "later@b.test"));
        Message report = site.take();
        assertTrue(report.mail().startsWith("MAIL FROM:<>"), report.mail());
        assertEquals(List.of("RCPT TO:<me@a.test>"), report.recipients());
        assertEquals("Mail Delivery Status Report", report.field("Subject"));
        String host = "127.0.0.1[127.0.0.1]";
        assertSays(
                report,
                "<yes@b.test>: delivery via 127.0.0.1: 250 2.1.5 known",
                "Final-Recipient: rfc822; yes@b.test\nOriginal-Recipient: rfc822;yes@b.test\nAction: deliverable\nStatus: 2.1.5\nRemote-MTA: dns; 127.0.0.1\n"
                        + "Diagnostic-Code: smtp; 250 2.1.5 known",
                "Final-Recipient: rfc822; no@b.test\nOriginal-Recipient: rfc822;no@b.test\nAction: undeliverable\nStatus: 5.1.1\nRemote-MTA: dns; 127.0.0.1\n"
                        + "Diagnostic-Code: smtp; 550 5.1.1 no such user",
                "Action: undeliverable\nStatus: 4.2.1",
                "From: me@a.test\nSubject: probe\nTo:\tyes@b.test,\n\tno@b.test,\n\tlater@b.test");
        mta.awaitLog(": sender delivery status notification: ");
        assertTrue(log().contains(", dsn=2.1.5, status=deliverable (250 2.1.5 known)\n"), log());
        assertTrue(
                log().contains(", dsn=4.2.1, status=undeliverable (host " + host
                        + " said: 450 4.2.1 mailbox busy (in reply to RCPT TO command))\n"),
                log());
        mta.await("everything gone", () -> mta.queue().isEmpty());
        assertEquals(0, site.waitingCount());
        assertFalse(log().contains("status=bounced") || log().contains("status=deferred"), log());
    }

    @Test
    void sendsFromAnAddressForEachRecipient() throws Exception {
        assertEquals(
                new Spoken(0, "", ""),
                mta.runWithInput(
                        "Subject: s\n\nhi\n",
                        "sendmail",
                        "-XV",
                        "-f",
                        "list@a.test",
                        "u@b.test",
                        "no@b.test",
                        "later@b.test"));
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            Message message = site.take();
            seen.add(message.mail().replaceAll(">.*", ">") + " " + message.recipients());
            if (message.mail().contains("<>")) {
                assertTrue(message.content().contains("\nTo: list+no=b.test@a.test\n"), message.content());
                assertTrue(message.content().contains("Final-Recipient: rfc822; no@b.test\n"), message.content());
                assertFalse(message.content().contains("later@b.test"), message.content());
            }
        }
        assertEquals(
                Set.of(
                        "MAIL FROM:<list+u=b.test@a.test> [RCPT TO:<u@b.test>]",
                        "MAIL FROM:<> [RCPT TO:<list+no=b.test@a.test>]"),
                seen);
        mta.await("one waits", () -> mta.queue().size() == 1);
        String id = mta.queue().get(0).text("queue_id");
        assertEquals("list@a.test", mta.queue().get(0).text("sender"));
        assertTrue(mta.run("postcat", "-qe", id).out().contains("verp_delimiters: +=\n"));
    }

    @Test
    void tellsOfTheFirstAttempt() throws Exception {
        assertEquals(
                new Spoken(0, ANNOUNCEMENT, ""),
                mta.runWithInput(
                        "Subject: s\n\nhi\n", "sendmail", "-v", "-f", "me@a.test", "yes@b.test", "later@b.test"));
        Message message = site.take();
        assertEquals(List.of("RCPT TO:<yes@b.test>"), message.recipients());
        assertEquals("hi\n", message.text());
        Message report = site.take();
        assertEquals("Mail Delivery Status Report", report.field("Subject"));
        assertSays(
                report,
                "<yes@b.test>: delivery via 127.0.0.1: 250 ok",
                "Action: relayed\nStatus: 2.0.0",
                "Action: delayed\nStatus: 4.2.1");
        mta.await("one waits", () -> mta.queue().size() == 1);
        String id = mta.queue().get(0).text("queue_id");
        String shown = mta.run("postcat", "-qe", id).out();
        assertTrue(shown.contains("named_attribute: trace_flags=1024\n"), shown);
    }
}
