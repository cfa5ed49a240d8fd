// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.intake.KeptQueue;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands that a table replaces, and keywords that a table hides. The texts are those of Postfix 3.7. */
class CommandFilterTest {
    private static final String FILTER =
            "smtpd_command_filter = inline:{ {helo = HELO domain.invalid}, { hi there = NOOP }, {bye = RCPT} }";

    private final KeptQueue queue = new KeptQueue();
    private TestClient client = new TestClient(queue, "192.0.2.7", List.of());

    private void open(String... mainCf) {
        client.close();
        client = new TestClient(queue, "192.0.2.7", List.of(mainCf)).connect();
        client.received();
    }

    private String say(String text) {
        client.send(text);
        return client.received();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void runsWhatTheTableHasInThePlaceOfACommand() {
        open(FILTER);
        assertEquals("250 mx.b.test\r\n", say("HELO\r\n"));
        assertEquals("250 2.0.0 Ok\r\n", say(" \thi there\r\n"));
        assertEquals("503 5.5.1 Error: need MAIL command\r\n", say("bye\r\n"));
        assertEquals("250 2.1.0 Ok\r\n", say("MAIL FROM:<a@a.test>\r\n"));
        assertEquals(
                List.of(
                        "smtpd: connect from unknown[192.0.2.7]",
                        "smtpd: unknown[192.0.2.7]: replacing command \"HELO\" with \"HELO domain.invalid\"",
                        "smtpd: unknown[192.0.2.7]: replacing command \" ?hi there\" with \"NOOP\"",
                        "smtpd: unknown[192.0.2.7]: replacing command \"bye\" with \"RCPT\""),
                client.logLines());
    }

    @Test
    void keepsTheOrderWhileATableIsAsked() {
        FakeTables tables = new FakeTables().table("ldap:f", "NOOP").slow("ldap:f");
        client.close();
        client = new TestClient(
                        queue,
                        "192.0.2.7",
                        TestHost.settings(List.of("local_recipient_maps =", "smtpd_command_filter = ldap:f"), tables))
                .connect();
        client.received();
        client.send("EHLO c.test\r\n");
        assertEquals("", client.received());
        answer(tables);
        assertTrue(client.received().startsWith("250-mx.b.test"));
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<x y>\r\nRSET\r\n");
        answer(tables);
        assertEquals("250 2.1.0 Ok\r\n501 5.1.3 Bad recipient address syntax\r\n250 2.0.0 Ok\r\n", client.received());
    }

    private void answer(FakeTables tables) {
        for (Runnable next = tables.lookups.poll(); next != null; next = tables.lookups.poll()) {
            next.run();
            client.run();
        }
    }

    @Test
    void endsASessionWhoseTableIsOutOfOrder() {
        client.close();
        client = new TestClient(
                        queue,
                        "192.0.2.7",
                        TestHost.settings(
                                List.of("local_recipient_maps =", "smtpd_command_filter = mute:x"), new FakeTables()))
                .connect();
        client.received();
        assertEquals("421 4.3.0 mx.b.test Server local data error\r\n", say("EHLO c.test\r\n"));
        assertEquals(
                List.of(
                        "smtpd: connect from unknown[192.0.2.7]",
                        "smtpd: warning: mute:x lookup error for \"EHLO c.test\"",
                        "smtpd: NOQUEUE: reject: CONNECT from unknown[192.0.2.7]: 421 4.3.0 mx.b.test"
                                + " Server local data error",
                        "smtpd: disconnect from unknown[192.0.2.7] unknown=0/1 commands=0/1"),
                client.logLines());
    }

    @Test
    void hidesFromAClientWhatATableHasForItsAddress() {
        open(
                "smtpd_discard_ehlo_keywords = etrn",
                "smtpd_discard_ehlo_keyword_address_maps = inline:{ {192.0.2.7 = dsn, chunking, size} }");
        assertEquals(
                "250-mx.b.test\r\n250-PIPELINING\r\n250-VRFY\r\n250-ETRN\r\n250-ENHANCEDSTATUSCODES\r\n"
                        + "250-8BITMIME\r\n250 SMTPUTF8\r\n",
                say("EHLO c.test\r\n"));
        assertEquals("501 5.7.1 DSN support is disabled\r\n", say("MAIL FROM:<a@a.test> RET=FULL\r\n"));
        assertEquals(
                List.of("smtpd: connect from unknown[192.0.2.7]", "smtpd: discarding EHLO keywords: SIZE DSN CHUNKING"),
                client.logLines());
    }

    @Test
    void hidesFromOthersWhatHoldsForAll() {
        open(
                "smtpd_discard_ehlo_keywords = etrn silent-discard dsn",
                "smtpd_discard_ehlo_keyword_address_maps = inline:{ {192.0.2.8 = chunking} }");
        String said = say("EHLO c.test\r\n");
        assertTrue(said.contains("CHUNKING") && !said.contains("ETRN") && !said.contains("DSN"), said);
        assertEquals(List.of("smtpd: connect from unknown[192.0.2.7]"), client.logLines());
    }

    @Test
    void doesNotGuessWhatToOffer() {
        client.close();
        client = new TestClient(
                        queue,
                        "192.0.2.7",
                        TestHost.settings(
                                List.of("local_recipient_maps =", "smtpd_discard_ehlo_keyword_address_maps = mute:x"),
                                new FakeTables()))
                .connect();
        client.received();
        assertEquals("250 mx.b.test\r\n", say("HELO c.test\r\n"));
        assertEquals("421 4.3.0 mx.b.test Server local data error\r\n", say("EHLO c.test\r\n"));
        assertTrue(client.logLines()
                .contains("smtpd: warning: don't know what EHLO features to announce to unknown[192.0.2.7]"));
    }
}
