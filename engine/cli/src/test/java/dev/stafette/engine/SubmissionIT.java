// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine;

import static dev.stafette.engine.SubmissionSite.DONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.RecordingSink.Message;
import dev.stafette.engine.cli.PeerCommand;
import dev.stafette.engine.demo.MtaProcess;
import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.MaildropEntry;
import dev.stafette.engine.pickup.WaitingMail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The installation as it was built: what local programs hand in arrives. One mail system for all of it, as its starts are most
 * of the time; what must wait for it is handed in before. {@link SubmissionRightsIT} has a configuration for each case.
 */
@Timeout(300)
class SubmissionIT {
    private static SubmissionSite site;
    private static MtaProcess relay;
    private static MaildropEntry waiting;

    @BeforeAll
    static void handsInAndStarts() throws Exception {
        site = SubmissionSite.open(
                "virtual_alias_maps = inline:{loop@x.test=pool@x.test, pool@x.test=loop@x.test,"
                        + " {team@x.test=one@x.test two@x.test}}",
                "smtp_generic_maps = inline:{sender@relay.test=Sender@isp.test}",
                "transport_maps = inline:{{d.test=error:5.1.2 nowhere}}",
                "relay_domains = b.test");
        Files.writeString(
                site.mainCf(),
                Files.readString(site.mainCf()) + "bounce_template_file = "
                        + Files.write(site.file("templates"), template("First")) + "\n");
        // The first as a user does it; it makes the directories.
        assertEquals(DONE, site.sendmail("hi\n", "-f", "a@b", "c@d"));
        assertEquals(1, site.waitingFiles().size());
        handIn("To: one@x.test, joe\nX: y\n\nhi\n", "-t", "-f", "me", "-F", "Joe Q. User");
        WaitingMail mail = new WaitingMail(new Maildrop(site.queue()));
        for (String id : mail.ids("", 10)) {
            MaildropEntry entry = Objects.requireNonNull(mail.entry(id));
            waiting = entry.sender().equals("me") ? entry : waiting;
        }
        handIn("Subject: s\n\nhi\n", "-f", "me", "loop@x.test");
        handIn("Received: x\n".repeat(60) + "Subject: round\n\nhi\n", "-f", "round@b", "c@d");
        handIn("Received: x\n".repeat(60) + "\nhi\n", "-f", "", "c@d");
        handIn("Received: x\n".repeat(60) + "\nhi\n", "-f", "hops@b.test", "c@b.test");
        Path torn = site.maildrop().resolve("torn");
        Files.write(torn, new byte[] {'S', 3, 'a', '@', 'b', 'M', 0, 'N', 2, 'h'});
        Files.setAttribute(torn, "unix:mode", 0744);
        Files.writeString(site.maildrop().resolve("unfinished"), "S");
        relay = site.start();
    }

    private static void handIn(String input, String... words) {
        assertEquals(DONE, site.handIn(input, words));
    }

    @AfterAll
    static void stops() throws IOException {
        if (relay != null) {
            relay.close();
        }
        if (site != null) {
            site.close();
        }
    }

    private static String mail(Message message) {
        return message.mail().replaceAll(" (SIZE|BODY).*", "");
    }

    @Test
    void keepsMailUntilTheMailSystemIsThere() throws Exception {
        Message message = site.takeFor("c@d");
        assertEquals("MAIL FROM:<a@b>", message.mail());
        assertEquals(List.of("RCPT TO:<c@d>"), message.recipients());
        assertEquals("hi\n", message.text());
        String received = message.field("Received");
        assertTrue(received.startsWith("by relay.test (Stafette, from userid "), received);
        site.awaitLog("/pickup\\[\\d+\\]: \\w+: uid=\\d+ from=<a@b>\n");
    }

    @Test
    void deliversAtOnceWhatIsHandedInWhileItRuns() throws Exception {
        String text = "To: One <one@x.test>, (no) two@x.test\nBcc: \"th ree\"@x.test\nSubject: s\n\n.dot\n..two\n";
        assertEquals(DONE, site.sendmail(text + ".\nnot this\n", "-t", "-f", "me", "four@x.test,one@x.test"));
        Message message = site.takeFor("four@x.test");
        assertEquals("MAIL FROM:<me@relay.test>", message.mail());
        assertEquals(
                Set.of(
                        "RCPT TO:<four@x.test>",
                        "RCPT TO:<one@x.test>",
                        "RCPT TO:<two@x.test>",
                        "RCPT TO:<\"th ree\"@x.test>"),
                new HashSet<>(message.recipients()));
        assertEquals(4, message.recipients().size());
        assertEquals("", message.field("Bcc"));
        assertEquals("One <one@x.test>, (no) two@x.test", message.field("To"));
        assertFalse(message.field("Date").isEmpty());
        assertFalse(message.field("Message-Id").isEmpty());
        assertEquals(".dot\n..two\n", message.text());
    }

    @Test
    void refusesWhatIsTooBig() throws Exception {
        List<Path> before = site.waitingFiles();
        PeerCommand outcome = site.sendmail("a".repeat(200_000), "-f", "a@b", "big@d");
        assertEquals(75, outcome.exitCode());
        assertTrue(outcome.err().endsWith("): message file too big\n"), outcome.err());
        assertTrue(before.containsAll(site.waitingFiles()), site.waitingFiles().toString());
    }

    @Test
    void movesAwayWhatMakesNoSense() throws Exception {
        Path torn = site.maildrop().resolve("torn");
        while (Files.exists(torn)) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertTrue(Files.exists(site.queue().resolve("corrupt/torn")));
        assertTrue(Files.exists(site.maildrop().resolve("unfinished")));
    }

    @Test
    void completesTheHeaderOfWhatIsWrittenHere() throws Exception {
        assertEquals("me", waiting.sender());
        assertEquals(List.of("one@x.test", "joe"), waiting.recipients());
        Message message = site.takeFor("joe@relay.test");
        assertEquals("one@x.test, joe@relay.test", message.field("To"));
        assertEquals("\"Joe Q. User\" <me@relay.test>", message.field("From"));
        assertEquals("hi\n", message.text());
    }

    /** Of two messages that are handed in, the one whose alias is a mistake waits, and holds up nobody. */
    @Test
    void rewritesAddressesInAndOutAndKeepsWhatAMapMakesImpossible() throws Exception {
        handIn("To: team@x.test\n\nhi\n", "-f", "sender", "team@x.test");
        Message message = site.takeFor("two@x.test");
        assertEquals("MAIL FROM:<Sender@isp.test>", mail(message));
        assertEquals(List.of("RCPT TO:<one@x.test>", "RCPT TO:<two@x.test>"), message.recipients());
        assertEquals("team@x.test", message.field("To"));
        assertEquals("Sender@isp.test", message.field("From").replaceAll(".*<|>", ""));
        assertEquals("hi\n", message.text());
        // What waits, and what nobody has finished.
        site.awaitWaitingFiles(2);
        // It is logged when the server has answered.
        site.awaitLog(": to=<one@x\\.test>, orig_to=<team@x\\.test>, relay=127\\.0\\.0\\.1");
        site.awaitLog(": unreasonable virtual_alias_maps map nesting for loop@x\\.test");
    }

    @Test
    void returnsWhatGoesInCircles() throws Exception {
        Message report = site.takeFor("round@b");
        assertEquals("MAIL FROM:<>", mail(report));
        assertEquals(List.of("RCPT TO:<round@b>"), report.recipients());
        assertTrue(report.text().contains("Error: too many hops"), report.text());
        assertTrue(report.text().contains("Subject: round"), report.text());
        // The one that nobody has sent, and the one that is torn.
        Path corrupt = site.queue().resolve("corrupt");
        List<String> names = List.of();
        while (names.size() < 2) {
            TimeUnit.MILLISECONDS.sleep(10);
            try (var files = Files.list(corrupt)) {
                names = files.map(file -> file.getFileName().toString()).toList();
            }
        }
        assertEquals(2, names.size(), names.toString());
        assertTrue(names.contains("torn"), names.toString());
    }

    /** Reports of the queue and of pickup, and what a reload changes. */
    @Test
    void reportsInTheWordsOfTheTemplateFile() throws Exception {
        assertReports("First", "too many hops", "hops@b.test");
        handIn("hi\n", "-f", "first@b.test", "c@d.test");
        assertReports("First", "nowhere", "first@b.test");
        Files.write(site.file("templates"), template("Second"));
        PeerCommand reload = site.postfix("reload");
        assertEquals(0, reload.exitCode(), reload.err());
        handIn("hi\n", "-f", "second@b.test", "c@d.test");
        assertReports("Second", "nowhere", "second@b.test");
    }

    private static byte[] template(String subject) {
        String text = "failure_template = <<EOF\nCharset: iso-8859-1\nFrom: <postmaster>\nSubject: " + subject
                + "\n\nSo says $myhostname: \u00fc.\nEOF\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void assertReports(String subject, String why, String sender) throws InterruptedException {
        Message report = site.takeFor(sender);
        assertEquals(List.of("RCPT TO:<" + sender + ">"), report.recipients());
        assertEquals(subject, report.field("Subject"));
        assertEquals("<postmaster@relay.test>", report.field("From"));
        assertTrue(report.text().contains("\n\nSo says relay.test: \u00fc.\n\n<c@"), report.text());
        assertTrue(report.text().contains(why), report.text());
    }

    @Test
    void takesMailOfEverybodyWithoutAGroupForIt() throws Exception {
        SubmissionSite.assumeRoot();
        assertEquals(DONE, site.sendmailAs("daemon", "everybody@d"));
        Message message = site.takeFor("everybody@d");
        assertEquals("MAIL FROM:<daemon@relay.test>", message.mail());
        assertTrue(message.field("Received").contains("from userid 1)"), message.field("Received"));
        assertEquals(03733, (Integer) Files.getAttribute(site.maildrop(), "unix:mode") & 07777);
    }
}
