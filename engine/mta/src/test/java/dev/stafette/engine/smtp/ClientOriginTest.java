// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a message came from, as it is kept for those who are told by XFORWARD. */
class ClientOriginTest {
    private static final String SMTPD = "smtp inet n - n - 0 smtpd\nscan unix - - n - - smtp";
    private static final String TELLS = " -o smtp_send_xforward_command=yes";

    private final KeptQueue queue = new KeptQueue();

    @Nullable
    private TestClient client;

    @AfterEach
    void close() {
        if (client != null) {
            client.close();
        }
    }

    /** {@code scan}: what the row of the content filter says. */
    private TestClient connect(String from, String scan, String... mainCf) {
        List<String> lines = new ArrayList<>();
        lines.add("smtpd_authorized_xforward_hosts = 10.0.0.7");
        lines.add("mynetworks = 10.0.0.7");
        lines.addAll(List.of(mainCf));
        TestClient opened = new TestClient(
                        queue,
                        from,
                        TestHost.service(SMTPD + scan, lines, TestHost.ROOM).calm())
                .connect();
        client = opened;
        opened.received();
        opened.send("EHLO c.test\r\n");
        opened.received();
        return opened;
    }

    private KeptQueue.Kept mail(TestClient by) {
        by.send("MAIL FROM:<s@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        by.send("To: joe\r\n\r\nx\r\n.\r\n");
        String said = by.received();
        assertTrue(said.contains("250 2.0.0 Ok: queued as "), said);
        List<KeptQueue.Kept> all = queue.messages();
        return all.get(all.size() - 1);
    }

    private static @Nullable MessageOrigin origin(KeptQueue.Kept message) {
        return message.envelope().origin();
    }

    @Test
    void keepsNothingWhereNobodyIsTold() {
        assertNull(origin(mail(connect("10.0.0.7", ""))));
    }

    /** Programs of users, and those of pipe rows, may look at it. */
    @Test
    void keepsTheClientForPrograms() {
        for (String row :
                List.of("\nlocal unix - n n - - local", "\np unix - n n - - pipe user=u argv=x ${sasl_method}")) {
            assertEquals("10.0.0.7", origin(mail(connect("10.0.0.7", row))).address(), row);
        }
        for (String row : List.of(
                "\nlocal unix - n n - - local -o allow_mail_to_commands=",
                "\np unix - n n - - pipe user=u argv=x ${size}")) {
            assertNull(origin(mail(connect("10.0.0.7", row))), row);
        }
        assertEquals(
                "10.0.0.7",
                origin(mail(connect(
                                "10.0.0.7",
                                "\nlocal unix - n n - - local -o allow_mail_to_commands= -o mailbox_command=x")))
                        .address());
    }

    @Test
    void keepsTheClient() {
        TestClient by = connect("10.0.0.7", TELLS, "local_header_rewrite_clients = permit_mynetworks");
        MessageOrigin kept = origin(mail(by));
        assertEquals(new MessageOrigin(null, "10.0.0.7", kept.port(), "ESMTP", "c.test", kept.queueId(), true), kept);
        assertTrue(Integer.parseInt(String.valueOf(kept.port())) > 0);
        assertTrue(by.logLines().toString().contains(": " + kept.queueId() + ": client="), by.logLines()::toString);
    }

    @Test
    void keepsAnAddressOfIpv6AsInALiteral() {
        MessageOrigin kept = origin(mail(connect("2001:db8::1", TELLS, "mynetworks = [2001:db8::1]")));
        assertEquals("IPv6:2001:db8::1", kept.address());
        assertFalse(kept.isLocal());
    }

    @Test
    void keepsWhatXforwardSays() {
        TestClient by = connect("10.0.0.7", TELLS);
        by.send("XFORWARD NAME=n.test ADDR=IPv6:2001:db8::2 PORT=4711 PROTO=SMTP HELO=h IDENT=ABC SOURCE=REMOTE\r\n");
        assertEquals(
                new MessageOrigin("n.test", "IPv6:2001:db8::2", "4711", "SMTP", "h", "ABC", false), origin(mail(by)));
    }

    /** As in Postfix: the attributes of two clients are not mixed. */
    @Test
    void keepsNothingOfTheClientBesideWhatXforwardSaysOfAnother() {
        TestClient by = connect("10.0.0.7", TELLS);
        by.send("XFORWARD ADDR=[UNAVAILABLE] HELO=h\r\n");
        MessageOrigin kept = origin(mail(by));
        assertEquals(new MessageOrigin(null, null, null, null, "h", kept.queueId(), false), kept);
    }

    @Test
    void keepsTheClientBesideAnIdAndASource() {
        TestClient by = connect("10.0.0.7", TELLS);
        by.send("XFORWARD IDENT=ABC SOURCE=LOCAL\r\n");
        MessageOrigin kept = origin(mail(by));
        assertEquals(new MessageOrigin(null, "10.0.0.7", kept.port(), "ESMTP", "c.test", "ABC", true), kept);
    }

    @Test
    void completesTheHeaderOfMailThatWasWrittenHereAccordingToXforward() {
        TestClient by = connect("10.0.0.7", "", "local_header_rewrite_clients =");
        by.send("XFORWARD SOURCE=LOCAL\r\n");
        String local = mail(by).content();
        assertTrue(local.contains("\r\nTo: joe@b.test\r\n") && local.contains("\r\nDate: "), local);
        by.send("XFORWARD SOURCE=REMOTE\r\n");
        String remote = mail(by).content();
        assertTrue(remote.contains("\r\nTo: joe\r\n") && !remote.contains("\r\nDate: "), remote);
        assertTrue(mail(by).content().contains("\r\nTo: joe\r\n"), "it holds for one message");
    }

    @Test
    void keepsTheHeaderOfATrustedClientThatSaysItIsAnothers() {
        TestClient by = connect("10.0.0.7", "", "local_header_rewrite_clients = permit_mynetworks");
        by.send("XFORWARD SOURCE=REMOTE\r\n");
        assertTrue(mail(by).content().contains("\r\nTo: joe\r\n"));
        assertTrue(mail(by).content().contains("\r\nTo: joe@b.test\r\n"));
    }
}
