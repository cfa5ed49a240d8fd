// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.intake.KeptQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What main.cf and master.cf say about addresses, from the client's commands to what is queued. */
class RewritingTest {
    private static final String SMTPD = "smtp inet n - n - 0 smtpd";

    private final KeptQueue queue = new KeptQueue();
    private TestClient client = new TestClient(queue, "192.0.2.7", List.of());

    @AfterEach
    void close() {
        client.close();
    }

    private void open(SmtpServerSettings settings) {
        client.close();
        client = new TestClient(queue, "10.0.0.7", settings);
        client.connect();
        client.send("EHLO c.test\r\n");
        client.received();
    }

    private void open(String row, String... mainCfLines) {
        List<String> lines = new ArrayList<>(List.of("local_header_rewrite_clients = permit_mynetworks"));
        lines.addAll(List.of(mainCfLines));
        open(TestHost.service(row, lines, TestHost.ROOM).calm());
    }

    private String mail(String sender, String header, String... recipients) {
        StringBuilder commands = new StringBuilder("MAIL FROM:<" + sender + ">\r\n");
        for (String recipient : recipients) {
            commands.append("RCPT TO:<").append(recipient).append(">\r\n");
        }
        client.send(commands + "DATA\r\n");
        client.send(header + "\r\n\r\ntext\r\n.\r\n");
        String said = client.received();
        return said.substring(said.indexOf("354 ")).lines().skip(1).collect(Collectors.joining("\n"));
    }

    private KeptQueue.Kept last() {
        List<KeptQueue.Kept> all = queue.messages();
        return all.get(all.size() - 1);
    }

    private String recipients() {
        return last().envelope().recipients().stream()
                .map(one -> one.address().external())
                .collect(Collectors.joining(" "));
    }

    private void assertHas(String field) {
        assertTrue(last().content().contains("\r\n" + field + "\r\n"), () -> field + " in " + last().content());
    }

    /** In Postfix, trivial-rewrite says what an address means; it knows nothing of what a row of smtpd's says. */
    @Test
    void saysWhatAnAddressMeansByMainCfWhateverTheRowOfTheServerSays() {
        open(SMTPD + " -o mydestination=other.test -o myorigin=o.test -o myhostname=h.o.test -o mynetworks=192.0.2.0/24"
                + " -o local_recipient_maps=");
        mail("x@c.test", "Subject: x", "u");
        assertEquals("u@b.test", recipients());
        client.send("MAIL FROM:<x@c.test>\r\nRCPT TO:<u@other.test>\r\n");
        assertEquals(
                "250 2.1.0 Ok\r\n454 4.7.1 <u@other.test>: Relay access denied\r\n",
                client.received(),
                "what the row alone calls local");
    }

    /** A parameter of cleanup's, and not of the server's. */
    @Test
    void addsMissingHeadersWhereTheRowOfCleanupSaysSo() {
        String cleanup = "\ncleanup unix n - n - 0 cleanup";
        open(SMTPD + cleanup + " -o always_add_missing_headers=yes", "local_header_rewrite_clients =");
        mail("x@c.test", "Subject: x", "u@b.test");
        assertHas("From: x@c.test");
        open(SMTPD + " -o always_add_missing_headers=yes" + cleanup, "local_header_rewrite_clients =");
        mail("x@c.test", "Subject: x", "u@b.test");
        assertFalse(last().content().contains("From:"), last().content());
    }

    /** A row of trivial-rewrite's own is another thing. */
    @Test
    void saysWhatAnAddressMeansByTheRowOfTheResolver() {
        open(
                SMTPD + " -o local_recipient_maps=\nrewrite unix - - n - - trivial-rewrite -o mydestination=r.test"
                        + " -o myorigin=r.test",
                "mynetworks =");
        client.send("MAIL FROM:<x@c.test>\r\nRCPT TO:<u>\r\nRCPT TO:<u@r.test>\r\nRCPT TO:<u@b.test>\r\n");
        assertEquals(
                "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n454 4.7.1 <u@b.test>: Relay access denied\r\n",
                client.received());
    }

    @Test
    void rewritesEnvelopeAndHeaderInTheOrderOfCleanup() {
        open(
                SMTPD,
                "sender_canonical_maps = inline:{joe@x.test=Joe.Doe@h.m.test}",
                "canonical_maps = inline:{u@b.test=u@y.test, Joe.Doe@h.m.test=J.D@h.m.test}",
                "masquerade_domains = m.test",
                "virtual_alias_maps = inline:{{u@y.test=one@z.test two@z.test}}",
                "recipient_bcc_maps = inline:{u@y.test=seen@z.test}",
                "always_bcc = arch@z.test");
        String said =
                mail("joe@x.test", "From: Joe (me) <joe@x.test>\r\nTo: \"U\" <u@b.test>,\r\n  x@x.test", "u@b.test");
        assertTrue(said.startsWith("250 2.0.0 Ok: queued as "), said);
        assertEquals("J.D@m.test", last().envelope().sender().external());
        assertEquals("one@z.test two@z.test seen@z.test arch@z.test", recipients());
        assertEquals("u@b.test", last().envelope().recipients().get(0).givenAddress());
        assertHas("From: Joe (me) <J.D@m.test>");
        assertHas("To: \"U\" <u@y.test>, x@x.test");
        assertTrue(last().content().contains("for <u@b.test>;"), last().content());
    }

    /** As Postfix's cleanup has it: such a copy goes by the aliases, and nobody gets a copy of it. */
    @Test
    void makesNoCopyOfACopyThatContentHasCaused() {
        open(
                SMTPD,
                "header_checks = inline:{{subject: bcc=BCC c@b.test}}",
                "virtual_alias_maps = inline:{c@b.test=d@z.test}",
                "recipient_bcc_maps = inline:{c@b.test=seen@z.test, u@b.test=seen-u@z.test}");
        mail("a@a.test", "Subject: bcc", "u@b.test");
        assertEquals("u@b.test seen-u@z.test d@z.test", recipients());
        open(SMTPD, "header_checks = inline:{{subject: bcc=BCC c@b.test}}");
        mail("a@a.test", "Subject: bcc", "u@b.test", "c@b.test");
        assertEquals("u@b.test c@b.test", recipients());
    }

    @Test
    void keepsTheHeaderOfMailFromElsewhereUnlessItHasADomainForThat() {
        String[] maps = {"canonical_maps = inline:{u@b.test=u@y.test}", "local_header_rewrite_clients ="};
        open(SMTPD, maps);
        mail("a@a.test", "To: u@b.test, joe", "u@b.test");
        assertEquals("u@y.test", recipients());
        assertHas("To: u@b.test, joe");
        open(SMTPD, maps[0], maps[1], "remote_header_rewrite_domain = domain.invalid", "append_dot_mydomain = yes");
        mail("a@a.test", "To: u@b.test, joe, jim@host", "u@b.test");
        assertHas("To: u@y.test, joe@domain.invalid, jim@host.domain.invalid");
    }

    @Test
    void rewritesEveryFieldThatHoldsAddresses() {
        open(
                SMTPD,
                "sender_canonical_maps = inline:{u@b.test=s@y.test}",
                "recipient_canonical_maps = inline:{u@b.test=r@y.test}");
        List<String> senders = List.of(
                "From",
                "Sender",
                "Reply-To",
                "Errors-To",
                "Return-Receipt-To",
                "Disposition-Notification-To",
                "Mail-Followup-To",
                "Resent-From",
                "Resent-Sender");
        List<String> recipients = List.of("To", "Cc", "Resent-To", "Resent-Cc", "Resent-Reply-To", "Apparently-To");
        StringBuilder header = new StringBuilder("X-Other: u@b.test");
        senders.forEach(name -> header.append("\r\n").append(name).append(": u@b.test"));
        recipients.forEach(name -> header.append("\r\n").append(name).append(": u@b.test"));
        mail("a@a.test", header.toString(), "u@b.test");
        senders.forEach(name -> assertHas(name + ": s@y.test"));
        recipients.forEach(name -> assertHas(name + ": r@y.test"));
        assertHas("X-Other: u@b.test");
    }

    @Test
    void printsAFieldThatChangesAsPostfixDoes() {
        open(SMTPD, "recipient_delimiter = +", "canonical_maps = inline:{u@x.test=Can.Name@c.test}");
        String given = "To: \"Joe, Q\" <u@x.test>, u+ext@x.test (a (nested) comment),\r\n\tgrp: a@x.test, u@x.test;,"
                + " =?utf-8?q?J=C3=B6?= <u@x.test>, user, a%c.test, c.test!b";
        mail("a@a.test", given + "\r\nReply-To: <@r.test,@q.test:u@x.test>\r\nFrom: @r.test:u@x.test", "u@b.test");
        assertHas("To: \"Joe, Q\" <Can.Name@c.test>,\r\n\tCan.Name+ext@c.test (a (nested) comment), grp: a@x.test,\r\n"
                + "\tCan.Name@c.test;, =?utf-8?q?J=C3=B6?= <Can.Name@c.test>, user@b.test,\r\n"
                + "\ta@c.test, b@c.test");
        assertHas("Reply-To: <Can.Name@c.test>");
        assertHas("From: Can.Name@c.test");
    }

    @Test
    void mapsNothingWhereTheServiceSaysSo() {
        open(
                SMTPD + " -o receive_override_options=no_address_mappings",
                "canonical_maps = inline:{u@b.test=u@y.test}",
                "virtual_alias_maps = inline:{u@b.test=u@z.test}",
                "always_bcc = arch@z.test");
        mail("a@a.test", "To: u@b.test, joe", "u@b.test", "a");
        assertEquals("u@b.test a@b.test", recipients());
        assertHas("To: u@b.test, joe@b.test");
    }

    @Test
    void doesWhatTheNamedCleanupServiceOverrides() {
        String rows = "\ncleanup unix n - n - 0 cleanup"
                + "\npre-cleanup unix n - n - 0 cleanup -o virtual_alias_maps= -o message_drop_headers=x-drop,to";
        String[] lines = {"virtual_alias_maps = inline:{u@b.test=u@z.test}"};
        String header = "To: t@b.test\r\nX-Drop: 1\r\nBcc: b@b.test\r\nReturn-Path: <r@b.test>";
        open(SMTPD + rows, lines);
        mail("a@a.test", header, "u@b.test");
        assertEquals("u@z.test", recipients());
        assertHas("To: t@b.test\r\nX-Drop: 1");
        assertFalse(last().content().contains("Bcc:"), last().content());
        open(SMTPD + " -o cleanup_service_name=pre-cleanup" + rows, lines);
        mail("a@a.test", header, "u@b.test");
        assertEquals("u@b.test", recipients());
        assertFalse(last().content().contains("Drop"), last().content());
        assertFalse(last().content().contains("To: t"), last().content());
        assertHas("Bcc: b@b.test\r\nReturn-Path: <r@b.test>");
        ConfigException refused =
                assertThrows(ConfigException.class, () -> open(SMTPD + " -o cleanup_service_name=none" + rows));
        assertTrue(String.valueOf(refused.getMessage()).contains("cleanup_service_name"), refused.getMessage());
    }

    /** Clients are told what the smtpd row says, as in Postfix. */
    @Test
    void takesNoLargerMessageThanTheNamedCleanupService() {
        String rows = "\nsmall unix n - n - 0 cleanup -o message_size_limit=100";
        open(SMTPD + " -o cleanup_service_name=small" + rows, "message_size_limit = 1000");
        assertEquals(
                "250 2.0.0 Ok: queued as 1",
                mail("a@a.test", "X: " + "x".repeat(50), "u@b.test").replaceAll("as .*", "as 1"));
        assertEquals("552 5.3.4 Error: message file too big", mail("a@a.test", "X: " + "x".repeat(200), "u@b.test"));
        client.send("EHLO c.test\r\n");
        assertTrue(client.received().contains("SIZE 1000"));
        open(SMTPD + " -o message_size_limit=100 -o cleanup_service_name=large" + "\nlarge unix n - n - 0 cleanup");
        assertEquals("552 5.3.4 Error: message file too big", mail("a@a.test", "X: " + "x".repeat(200), "u@b.test"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canonical_classes = envelope_sender, header",
                "sender_canonical_classes = envelope_recipient",
                "masquerade_classes = all",
                "propagate_unmatched_extensions = all",
                "receive_override_options = no_header_checks",
                "smtputf8_autodetect_classes = mail"
            })
    void refusesWordsThatItDoesNotKnow(String line) {
        String maps =
                "masquerade_domains = m.test\ncanonical_maps = inline:{a=b}\nsender_canonical_maps = inline:{a=b}";
        ConfigException refused = assertThrows(ConfigException.class, () -> open(SMTPD, maps, line));
        assertTrue(String.valueOf(refused.getMessage()).contains("expected: some of"), refused.getMessage());
    }

    @Test
    void forgetsWhichAddressWasGivenWhereItIsToldTo() {
        open(SMTPD, "enable_original_recipient = no");
        mail("a@a.test", "To: u@b.test", "u@b.test", "u");
        assertEquals("u@b.test", recipients());
        open(SMTPD);
        mail("a@a.test", "To: u@b.test", "u@b.test", "u");
        assertEquals("u@b.test u@b.test", recipients());
        assertEquals("u", last().envelope().recipients().get(1).givenAddress());
    }

    @Test
    void findsOutThatMailNeedsSmtpUtf8WhereItIsToldTo() {
        open(SMTPD);
        mail("a@a.test", "Subject: J\u00c3\u00b6", "u@b.test");
        assertFalse(last().envelope().smtpUtf8());
        open(SMTPD, "smtputf8_autodetect_classes = smtpd");
        mail("a@a.test", "Subject: J\u00c3\u00b6", "u@b.test");
        assertTrue(last().envelope().smtpUtf8());
        mail("a@a.test", "Subject: plain", "u@b.test");
        assertFalse(last().envelope().smtpUtf8());
        open(SMTPD, "smtputf8_autodetect_classes = smtpd", "virtual_alias_maps = inline:{u@b.test=\u00fc@z.test}");
        mail("a@a.test", "Subject: plain", "u@b.test");
        assertTrue(last().envelope().smtpUtf8());
    }

    @Test
    void refusesAnAliasWithoutEnd() {
        open(SMTPD, "virtual_alias_maps = inline:{u@b.test=v@x.test, v@x.test=u@b.test}");
        assertEquals("451 4.6.0 Alias expansion error", mail("a@a.test", "To: u@b.test", "u@b.test"));
        assertTrue(queue.messages().isEmpty());
        assertTrue(
                client.logLines().stream()
                        .anyMatch(line -> line.startsWith("cleanup: warning: ")
                                && line.endsWith(": unreasonable virtual_alias_maps map nesting for u@b.test"
                                        + " -- message not accepted, try again later")),
                "no warning");
    }

    @Test
    void waitsForATableThatTakesItsTime() {
        FakeTables tables =
                new FakeTables().table("ldap:v").slow("ldap:v").table("ldap:c").slow("ldap:c");
        open(TestHost.settings(
                List.of(
                        "local_recipient_maps =",
                        "smtpd_reject_unlisted_recipient = no",
                        "mynetworks = 10.0.0.0/8",
                        "local_header_rewrite_clients = permit_mynetworks",
                        "virtual_alias_maps = ldap:v",
                        "canonical_maps = ldap:c"),
                tables));
        assertEquals("", mail("a@a.test", "To: u@b.test", "u@b.test", "w@b.test"));
        int rounds = 0;
        while (queue.messages().isEmpty() && rounds++ < 50) {
            for (Runnable next = tables.lookups.poll(); next != null; next = tables.lookups.poll()) {
                next.run();
            }
            client.run();
        }
        assertTrue(client.received().startsWith("250 2.0.0 Ok: queued as "));
        assertEquals("u@b.test w@b.test", recipients());
        tables.mute("ldap:v", true);
        client.send("MAIL FROM:<a@a.test>\r\nRCPT TO:<u@b.test>\r\nDATA\r\n");
        client.send("x\r\n.\r\n");
        for (int i = 0; i < 50; i++) {
            for (Runnable next = tables.lookups.poll(); next != null; next = tables.lookups.poll()) {
                next.run();
            }
            client.run();
        }
        assertTrue(client.received().endsWith("451 4.3.0 Error: queue file write error\r\n"));
    }
}
