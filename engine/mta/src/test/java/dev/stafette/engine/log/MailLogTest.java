// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class MailLogTest {
    private static final String ID = "4bXy1z2Kq0zB1";
    private static final String CLIENT = "mail.example.net[192.0.2.7]";
    private static final long TIME_MS =
            Instant.parse("2026-11-04T08:05:09.999Z").toEpochMilli();
    private static final String HEAD = "Nov  4 08:05:09 mx1 postfix/";

    private static LogSettings settings(ZoneId zone) {
        return new LogSettings(null, "0600", "mail", "mx1.example.com", "postfix", 4242, 2, zone, false);
    }

    private static List<String> lines(ZoneId zone, Consumer<MailLog> events) {
        KeptOutput output = new KeptOutput();
        LogPipe pipe = LogPipe.open(output, 1 << 16, settings(zone), () -> TIME_MS);
        try (MailLog log = MailLog.of(settings(zone), pipe)) {
            events.accept(log);
        }
        return output.lines();
    }

    private static void assertLine(String expected, Consumer<MailLog> event) {
        assertEquals(List.of(HEAD + expected), lines(ZoneOffset.UTC, event));
    }

    private static Delays delays(double before, double queued, double connect, double transmit) {
        return new Delays(ns(before), ns(queued), ns(connect), ns(transmit));
    }

    private static long ns(double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static DeliveryOutcome outcome(Kind kind, EnhancedStatus status, String text, String relay, int uses) {
        return new DeliveryOutcome(kind, Scope.RECIPIENT, status, text, relay, uses, null, null);
    }

    @Test
    void logsASession() {
        CommandCounts counts = new CommandCounts();
        counts.count(SmtpVerb.EHLO, true);
        counts.count(SmtpVerb.MAIL, true);
        counts.count(SmtpVerb.RCPT, false);
        counts.count(SmtpVerb.DATA, false);
        counts.count(SmtpVerb.RCPT, true);
        counts.count(SmtpVerb.QUIT, true);
        assertEquals(
                List.of(
                        HEAD + "smtpd[4242]: connect from " + CLIENT,
                        HEAD + "smtpd[4242]: disconnect from " + CLIENT
                                + " ehlo=1 mail=1 rcpt=1/2 data=0/1 quit=1 commands=4/6"),
                lines(ZoneOffset.UTC, log -> {
                    log.connected(CLIENT);
                    log.disconnected(CLIENT, counts);
                }));
    }

    @Test
    void countsACleanSessionWithoutFractions() {
        CommandCounts counts = new CommandCounts();
        counts.count(SmtpVerb.HELO, true);
        counts.count(SmtpVerb.QUIT, true);
        assertLine(
                "smtpd[4242]: disconnect from " + CLIENT + " helo=1 quit=1 commands=2",
                log -> log.disconnected(CLIENT, counts));
    }

    @Test
    void logsAMessageUntilItIsRemoved() {
        DeliveryOutcome sent = outcome(
                Kind.DELIVERED,
                EnhancedStatus.SENT,
                "250 2.0.0 Ok: queued as 77",
                "mx.example.org[198.51.100.3]:25",
                1);
        assertEquals(
                List.of(
                        HEAD + "smtpd[4242]: " + ID + ": client=" + CLIENT,
                        HEAD + "cleanup[4242]: " + ID + ": message-id=<1@example.net>",
                        HEAD + "qmgr[4242]: " + ID + ": from=<a@example.net>, size=4321, nrcpt=1 (queue active)",
                        HEAD + "smtp[4242]: " + ID + ": to=<b@example.org>, relay=mx.example.org[198.51.100.3]:25,"
                                + " delay=0.39, delays=0.05/0.01/0.21/0.12, dsn=2.0.0, status=sent"
                                + " (250 2.0.0 Ok: queued as 77)",
                        HEAD + "qmgr[4242]: " + ID + ": removed"),
                lines(ZoneOffset.UTC, log -> {
                    log.clientOf(ID, CLIENT);
                    log.messageId(ID, "<1@example.net>");
                    log.active(ID, "a@example.net", 4321, 1);
                    log.delivered(
                            "smtp",
                            ID,
                            "b@example.org",
                            null,
                            DeliveryStatus.SENT,
                            sent,
                            delays(0.05, 0.01, 0.21, 0.12));
                    log.removed(ID);
                }));
    }

    @Test
    void logsADeferredRecipientOfAReusedConnectionAndItsFirstAddress() {
        assertLine(
                "relay/smtp[4242]: " + ID + ": to=<b@example.org>, orig_to=<root>,"
                        + " relay=mx.example.org[198.51.100.3]:25, conn_use=3, delay=340, delays=328/0/0/12, dsn=4.2.1,"
                        + " status=deferred (host mx.example.org[198.51.100.3] said: 450 4.2.1 busy)",
                log -> log.delivered(
                        "relay/smtp",
                        ID,
                        "b@example.org",
                        "root",
                        DeliveryStatus.DEFERRED,
                        outcome(
                                Kind.DEFERRED,
                                EnhancedStatus.of(4, 2, 1),
                                "host mx.example.org[198.51.100.3] said: 450 4.2.1 busy",
                                "mx.example.org[198.51.100.3]:25",
                                3),
                        delays(328, 0, 0, 12)));
    }

    @Test
    void logsABouncedRecipientThatNoServerSaw() {
        assertLine(
                "error[4242]: " + ID + ": to=<b@example.org>, relay=none, delay=1.2, delays=1.2/0/0/0, dsn=5.4.4,"
                        + " status=bounced (no such host)",
                log -> log.delivered(
                        "error",
                        ID,
                        "b@example.org",
                        null,
                        DeliveryStatus.BOUNCED,
                        outcome(Kind.BOUNCED, EnhancedStatus.of(5, 4, 4), "no such host", DeliveryOutcome.NO_RELAY, 1),
                        delays(1.2, 0, 0, 0)));
    }

    @Test
    void logsWhatBecomesOfASenderWhoseMailFails() {
        assertEquals(
                List.of(
                        HEAD + "qmgr[4242]: " + ID + ": from=<a@example.net>, status=expired, returned to sender",
                        HEAD + "bounce[4242]: " + ID + ": sender non-delivery notification: R1",
                        HEAD + "bounce[4242]: " + ID + ": sender delay notification: R2",
                        HEAD + "bounce[4242]: " + ID + ": sender delivery status notification: R3",
                        HEAD + "bounce[4242]: " + ID + ": postmaster non-delivery notification: R4"),
                lines(ZoneOffset.UTC, log -> {
                    log.expired(ID, "a@example.net", false);
                    log.senderNonDelivery(ID, "R1");
                    log.senderDelay(ID, "R2");
                    log.senderDeliveryStatus(ID, "R3");
                    log.postmasterNotified(ID, DsnKind.FAILURE, "R4");
                }));
    }

    @Test
    void logsARefusedRecipient() {
        SmtpReply reply = SmtpReply.of(454, EnhancedStatus.of(4, 7, 1), "<b@example.org>: Relay access denied");
        assertLine(
                "smtpd[4242]: NOQUEUE: reject: RCPT from " + CLIENT
                        + ": 454 4.7.1 <b@example.org>: Relay access denied;"
                        + " from=<> to=<b@example.org> proto=ESMTP helo=<there>",
                log -> log.rejected(
                        null, "RCPT", CLIENT, reply, new RejectedMail("", "b@example.org", "ESMTP", "there")));
    }

    @Test
    void logsAddressesWithoutQuotesWhereThatIsWanted() {
        KeptOutput output = new KeptOutput();
        LogSettings internal =
                new LogSettings(null, "0600", "mail", "mx1.example.com", "postfix", 4242, 2, ZoneOffset.UTC, true);
        SmtpReply reply = SmtpReply.of(454, EnhancedStatus.of(4, 7, 1), "no");
        try (MailLog log = MailLog.of(internal, LogPipe.open(output, 1 << 16, internal, () -> TIME_MS))) {
            log.expired(ID, "\"a b\"@example.net", false);
            log.rejected(
                    null,
                    "RCPT",
                    CLIENT,
                    reply,
                    new RejectedMail("\"a\\\"\\\\b\"@a.test", "\".b\"@b.test", null, "\"h"));
            log.delivered(
                    "smtp",
                    ID,
                    "\"a@b\"@c.test",
                    "plain@c.test",
                    DeliveryStatus.SENT,
                    outcome(Kind.DELIVERED, EnhancedStatus.of(2, 0, 0), "250 ok", "none", 1),
                    delays(0, 0, 0, 0));
            assertEquals("", log.address(""));
            assertEquals("\"a", log.address("\"a"));
        }
        assertEquals(
                List.of(
                        HEAD + "qmgr[4242]: " + ID + ": from=<a b@example.net>, status=expired, returned to sender",
                        HEAD + "smtpd[4242]: NOQUEUE: reject: RCPT from " + CLIENT
                                + ": 454 4.7.1 no; from=<a\"\\b@a.test> to=<.b@b.test> helo=<\"h>",
                        HEAD + "smtp[4242]: " + ID + ": to=<a@b@c.test>, orig_to=<plain@c.test>, relay=none, delay=0,"
                                + " delays=0/0/0/0, dsn=2.0.0, status=sent (250 ok)"),
                output.lines());
    }

    @Test
    void logsSessionsThatEndBadly() {
        assertEquals(
                List.of(
                        HEAD + "smtpd[4242]: lost connection after RCPT from " + CLIENT,
                        HEAD + "smtpd[4242]: lost connection after DATA (12 bytes) from " + CLIENT,
                        HEAD + "smtpd[4242]: timeout after DATA (0 bytes) from " + CLIENT,
                        HEAD + "smtpd[4242]: too many errors after UNKNOWN from " + CLIENT,
                        HEAD + "smtpd[4242]: improper command pipelining after EHLO from " + CLIENT
                                + ": MAIL FROM:<>??",
                        HEAD + "smtpd[4242]: warning: non-SMTP command from " + CLIENT + ": GET / HTTP/1.1"),
                lines(ZoneOffset.UTC, log -> {
                    log.connectionLost("RCPT", -1, CLIENT);
                    log.connectionLost("DATA", 12, CLIENT);
                    log.timedOut("DATA", 0, CLIENT);
                    log.tooManyErrors("UNKNOWN", CLIENT);
                    log.improperPipelining("EHLO", CLIENT, "MAIL FROM:<>\r\n");
                    log.nonSmtpCommand(CLIENT, "GET / HTTP/1.1");
                }));
    }

    @Test
    void givesAServiceItsOwnNameAndNoOther() {
        assertEquals(
                List.of(
                        HEAD + "submission/smtpd[4242]: connect from " + CLIENT,
                        HEAD + "cleanup[4242]: " + ID + ": message-id=<1@example.net>",
                        HEAD + "anvil[4242]: warning: x"),
                lines(ZoneOffset.UTC, log -> {
                    MailLog own = log.withSyslogName("postfix/submission", "smtpd");
                    own.connected(CLIENT);
                    own.messageId(ID, "<1@example.net>");
                    own.warning("anvil", "x");
                }));
    }

    @Test
    void showsTheTimeOfTheZone() {
        List<String> lines = lines(ZoneOffset.ofHours(16), log -> log.removed(ID));
        assertTrue(lines.get(0).startsWith("Nov  5 00:05:09 mx1 "), lines.toString());
    }

    @Test
    void makesWhatPeersSayPrintable() {
        assertLine(
                "cleanup[4242]: " + ID + ": message-id=<a??b?ü€\uD83D\uDE00??>",
                log -> log.messageId(ID, "<a\r\nb\u0000ü€\uD83D\uDE00\u0085\uD83D>"));
    }

    @Test
    void cutsALineThatIsTooLong() {
        List<String> lines = lines(ZoneOffset.UTC, log -> {
            log.messageId(ID, "<" + "é".repeat(5000) + ">");
            log.messageId(ID, "<" + "x".repeat(5000) + ">");
            log.removed(ID);
        });
        assertEquals(3, lines.size());
        assertEquals(LogLine.LINE_BYTES_MAX, lines.get(1).length(), 4);
        assertTrue(lines.get(2).endsWith("removed"));
    }

    @Test
    void printsDelaysWithTwoSignificantDigits() {
        String[][] cases = {
            {"0", "0"}, {"0.004", "0"}, {"0.005", "0.01"}, {"0.054", "0.05"}, {"0.1", "0.1"}, {"0.216", "0.22"},
            {"0.996", "1"}, {"1.04", "1"}, {"1.25", "1.3"}, {"9.94", "9.9"}, {"9.96", "10"}, {"12.4", "12"},
            {"340.6", "341"}, {"86400", "86400"}
        };
        for (String[] example : cases) {
            assertEquals(example[1], seconds(ns(Double.parseDouble(example[0])), 2), example[0]);
        }
        assertEquals("0", seconds(-5, 2));
        assertEquals("0.0012", seconds(ns(0.001234), 6));
        assertEquals("0.012", seconds(ns(0.01234), 3));
        assertEquals("1", seconds(ns(1.4), 0));
    }

    private static String seconds(long ns, int digitsMax) {
        LogLine line = new LogLine(ZoneOffset.UTC).begin(0);
        int start = line.length();
        line.seconds(ns, digitsMax);
        return line.buffer().getStringWithoutLengthAscii(start, line.length() - start);
    }
}
