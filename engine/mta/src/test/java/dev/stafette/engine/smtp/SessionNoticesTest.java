// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.intake.KeptQueue.Kept;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the postmaster hears of sessions; texts are those of Postfix 3.7. */
class SessionNoticesTest {
    private final KeptQueue queue = new KeptQueue();

    private TestClient connect(String classes) {
        TestClient client = new TestClient(
                queue,
                "192.0.2.7",
                List.of(
                        "notify_classes = " + classes,
                        "error_notice_recipient = errors",
                        "bounce_notice_recipient = bounces@a.test",
                        "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination",
                        "smtpd_sender_restrictions = check_sender_access inline:{{gone@x.test=451 4.3.5 no}},"
                                + " check_sender_access inline:{{where@x.test=451 4.3.0 no}}",
                        "smtpd_soft_error_limit = 1000"));
        client.connect();
        client.send("EHLO c.test\r\n");
        client.received();
        return client;
    }

    private List<String> lines(int index) {
        return queue.messages().get(index).body().lines().toList();
    }

    @Test
    void sendsTheTranscriptAtTheEndOfASession() {
        TestClient client = connect("protocol");
        client.send("FOO\r\n");
        client.send("MAIL FROM:<s@a.test> XVERP=xx\r\n");
        assertEquals(List.of(), queue.messages());
        client.send("QUIT\r\n");
        client.close();
        Kept notice = queue.messages().get(0);
        assertEquals("double-bounce@mx.b.test", notice.envelope().sender().external());
        assertEquals(
                "errors@b.test", notice.envelope().recipients().get(0).address().external());
        List<String> lines = lines(0);
        assertTrue(
                lines.containsAll(List.of(
                        "From: Mail Delivery System <MAILER-DAEMON@mx.b.test>",
                        "To: Postmaster <errors@b.test>",
                        "Subject: Stafette SMTP server: errors from unknown[192.0.2.7]")),
                lines::toString);
        assertEquals(
                List.of(
                        "Transcript of session follows.",
                        "",
                        " Out: 220 mx.b.test ESMTP Stafette",
                        " In:  EHLO c.test",
                        " Out: 250-mx.b.test",
                        " Out: 250-PIPELINING",
                        " Out: 250-SIZE 10240000",
                        " Out: 250-VRFY",
                        " Out: 250-ETRN",
                        " Out: 250-ENHANCEDSTATUSCODES",
                        " Out: 250-8BITMIME",
                        " Out: 250-DSN",
                        " Out: 250-SMTPUTF8",
                        " Out: 250 CHUNKING",
                        " In:  FOO",
                        " Out: 500 5.5.2 Error: command not recognized",
                        " In:  MAIL FROM:<s@a.test> XVERP=xx",
                        " Out: 555 5.5.4 Unsupported option: XVERP=xx",
                        " In:  QUIT",
                        " Out: 221 2.0.0 Bye",
                        "",
                        "",
                        "For other details, see the local mail logfile"),
                lines.subList(lines.indexOf("") + 1, lines.size()));
    }

    @ParameterizedTest
    @CsvSource({
        "protocol, 'FOO', true",
        "policy, 'FOO', false",
        "policy, 'MAIL FROM:<s@a.test>|RCPT TO:<u@x.test>', true",
        "'protocol, bounce', 'MAIL FROM:<s@a.test>|RCPT TO:<u@x.test>', false",
        "bounce, 'MAIL FROM:<s@a.test>|RCPT TO:<nobody@b.test>', true",
        "'policy, protocol', 'MAIL FROM:<s@a.test>|RCPT TO:<nobody@b.test>', false",
        "software, 'MAIL FROM:<gone@x.test>|RCPT TO:<u@b.test>', true",
        "data, 'MAIL FROM:<where@x.test>|RCPT TO:<u@b.test>', true",
        "'bounce, 2bounce, data, delay, policy, protocol, resource, software', 'NOOP|RSET', false",
        "policy, 'MAIL FROM:<s@a.test> SIZE=999999999', true",
        "'', 'FOO', false"
    })
    void tellsOfTheClassesThatAreWanted(String classes, String commands, boolean isTold) {
        TestClient client = connect(classes);
        for (String command : commands.split("\\|")) {
            client.send(command + "\r\n");
        }
        client.send("QUIT\r\n");
        client.close();
        assertEquals(isTold ? 1 : 0, queue.messages().size());
        if (isTold && classes.equals("bounce")) {
            assertEquals(
                    "bounces@a.test",
                    queue.messages()
                            .get(0)
                            .envelope()
                            .recipients()
                            .get(0)
                            .address()
                            .external());
        }
    }

    @Test
    void tellsOfNoRoomOnlyWhenThereIsSomeAgain() {
        TestClient client = connect("resource");
        queue.isShort = true;
        client.send("MAIL FROM:<s@a.test>\r\n");
        client.send("QUIT\r\n");
        client.close();
        assertEquals(List.of(), queue.messages());
        client = connect("resource");
        client.send("MAIL FROM:<s@a.test>\r\n");
        queue.isShort = false;
        client.send("QUIT\r\n");
        client.close();
        assertEquals(1, queue.messages().size());
    }

    @Test
    void forgetsWhatWasWrongWhenAMessageIsAccepted() {
        TestClient client = connect("protocol");
        client.send("FOO\r\n");
        client.send("MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        client.send("Subject: x\r\n\r\nsecret\r\n.\r\n");
        client.send("QUIT\r\n");
        client.close();
        assertEquals(1, queue.messages().size(), "the message alone");
    }

    @Test
    void keepsTheContentToItself() {
        TestClient client = connect("protocol");
        client.send("MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        client.send("Subject: x\r\n\r\nsecret\r\n.\r\n");
        client.send("FOO\r\nQUIT\r\n");
        client.close();
        String notice = queue.messages().get(1).body();
        assertFalse(notice.contains("secret"), notice);
        assertTrue(notice.contains("\n Out: 250 2.0.0 Ok: queued as "), notice);
        assertTrue(notice.contains("\n Out: 354 End data with <CR><LF>.<CR><LF>\r\n"), notice);
    }

    @Test
    void keepsPasswordsToItself() {
        TestClient client = connect("protocol");
        client.send("AUTH PLAIN AGEAc2VjcmV0\r\nFOO\r\nQUIT\r\n");
        client.close();
        assertTrue(lines(0).contains(" In:  AUTH ..."), lines(0)::toString);
    }

    @Test
    void saysWhyASessionWasAborted() {
        TestClient client = connect("protocol");
        client.send("FOO\r\n");
        client.disconnect();
        client.close();
        assertTrue(lines(0).contains("Session aborted, reason: lost connection"));
        client = connect("protocol");
        client.send("FOO\r\n");
        client.pass(TimeUnit.SECONDS.toMillis(310));
        client.close();
        assertTrue(lines(1).contains("Session aborted, reason: timeout"));
        client = connect("protocol");
        client.send("FOO\r\n".repeat(20));
        client.close();
        assertTrue(lines(2).contains("Session aborted, reason: too many errors"));
    }

    @Test
    void beginsAnotherTranscriptWhereOneHasBecomeLong() {
        TestClient client = connect("protocol");
        client.send("FOO\r\n");
        for (int i = 0; i < 50; i++) {
            client.send("MAIL FROM:<s@a.test>\r\n");
            client.send("RSET\r\n");
        }
        assertEquals(1, queue.messages().size());
        client.send("QUIT\r\n");
        client.close();
        assertEquals(1, queue.messages().size(), "the rest was all right");
    }

    @Test
    void tellsNothingOfASessionThatHandsInANotice() {
        TestClient client = connect("protocol, policy");
        client.send("MAIL FROM:<Double-Bounce@MX.b.test>\r\n");
        client.send("RCPT TO:<u@x.test>\r\n");
        client.send("FOO\r\nQUIT\r\n");
        client.close();
        assertEquals(List.of(), queue.messages());
    }
}
