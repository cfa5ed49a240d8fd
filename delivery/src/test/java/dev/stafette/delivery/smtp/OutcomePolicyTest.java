// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Handover;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;
import io.netty.buffer.Unpooled;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutcomePolicyTest {
    private static final Peer PEER = Peer.of("mx.test", new InetSocketAddress("192.0.2.1", 25));

    private static SmtpReplyDecoder reply(String text) {
        SmtpReplyDecoder decoder = new SmtpReplyDecoder(1000);
        decoder.decode(Unpooled.copiedBuffer(text + "\r\n", StandardCharsets.US_ASCII));
        return decoder;
    }

    private static DeliveryOutcome said(SessionStage stage, String text) {
        return OutcomePolicy.said(PEER, 3, stage, reply(text));
    }

    @Test
    void quotesTheServer() {
        DeliveryOutcome outcome = said(SessionStage.RCPT, "550-5.1.1 no\r\n550 5.1.1 such user");
        assertEquals(
                "host mx.test[192.0.2.1] said: 550-5.1.1 no 550 5.1.1 such user (in reply to RCPT TO command)",
                outcome.text());
        assertEquals("550-5.1.1 no 550 5.1.1 such user", outcome.diagnostic());
        assertEquals("mx.test[192.0.2.1]:25", outcome.relay());
        assertEquals("mx.test", outcome.remoteMta());
        assertEquals(3, outcome.connectionUseCount());
        assertEquals("5.1.1", outcome.status().toString());
    }

    @Test
    void makesUpTheStatusTheServerDidNotGive() {
        assertEquals("5.0.0", said(SessionStage.RCPT, "550 no").status().toString());
        assertEquals("4.0.0", said(SessionStage.DOT, "451 no").status().toString());
    }

    @Test
    void believesTheCodeRatherThanTheStatus() {
        DeliveryOutcome outcome = said(SessionStage.MAIL, "450 5.7.1 odd");
        assertEquals(Kind.DEFERRED, outcome.kind());
        assertEquals("4.0.0", outcome.status().toString());
        assertEquals("5.0.0", said(SessionStage.MAIL, "550 2.7.1 odd").status().toString());
        assertEquals(
                "2.0.0",
                OutcomePolicy.delivered(PEER, 1, Handover.RELAYED, reply("250 ok"))
                        .status()
                        .toString());
    }

    @Test
    void takesWhatIsNoRefusalForOneForGood() {
        for (String odd : new String[] {"354 go", "150 wait", "850 what", "000 x", "999 4.0.0 x"}) {
            DeliveryOutcome outcome = said(SessionStage.MAIL, odd);
            assertEquals(Kind.BOUNCED, outcome.kind());
            assertEquals("5.5.0", outcome.status().toString());
            assertEquals("host mx.test[192.0.2.1] said: " + odd + " (in reply to MAIL FROM command)", outcome.text());
        }
        DeliveryOutcome outcome = said(SessionStage.DATA, "250 2.0.0 thanks");
        assertEquals(Kind.BOUNCED, outcome.kind());
        assertEquals("5.5.0", outcome.status().toString());
        assertEquals(
                "Protocol error: host mx.test[192.0.2.1] said: 250 2.0.0 thanks (in reply to DATA command)",
                outcome.text());
        DeliveryOutcome greeting = OutcomePolicy.refused(PEER, reply("354 go"), true);
        assertEquals(Kind.BOUNCED, greeting.kind());
        assertEquals("5.5.0", greeting.status().toString());
    }

    @Test
    void knowsHowFarAnOutcomeReaches() {
        assertEquals(Scope.RECIPIENT, said(SessionStage.RCPT, "450 x").scope());
        assertEquals(Scope.MESSAGE, said(SessionStage.MAIL, "550 x").scope());
        assertEquals(Scope.MESSAGE, said(SessionStage.DOT, "550 x").scope());
        assertEquals(Scope.SESSION, said(SessionStage.RCPT, "421 x").scope());
        assertEquals(
                Scope.SITE, OutcomePolicy.refused(PEER, reply("421 x"), false).scope());
        assertEquals(Scope.SITE, OutcomePolicy.lost(PEER, SessionStage.MAIL).scope());
        assertEquals(Scope.SITE, OutcomePolicy.timedOut(PEER, SessionStage.BODY).scope());
    }

    @Test
    void blamesTheSiteOnlyForWhatIsItsFault() {
        assertNull(OutcomePolicy.siteFailure(said(SessionStage.RCPT, "421 slow down")));
        assertNull(OutcomePolicy.siteFailure(said(SessionStage.DOT, "451 x")));
        assertNull(OutcomePolicy.siteFailure(OutcomePolicy.refused(PEER, reply("554 x"), false)));
        assertNull(OutcomePolicy.siteFailure(OutcomePolicy.shuttingDown()));
        assertNotNull(OutcomePolicy.siteFailure(OutcomePolicy.refused(PEER, reply("554 x"), true)));
        assertNotNull(OutcomePolicy.siteFailure(OutcomePolicy.lost(PEER, SessionStage.EHLO)));
    }

    @Test
    void takesTooManyRecipientsForALackOfRoom() {
        DeliveryOutcome outcome = OutcomePolicy.noRoom(PEER, 1, reply("552 5.2.2 full"));
        assertEquals(Kind.DEFERRED, outcome.kind());
        assertEquals("4.2.2", outcome.status().toString());
        assertEquals(Kind.BOUNCED, said(SessionStage.RCPT, "552 5.2.2 full").kind());
        assertEquals(Kind.BOUNCED, said(SessionStage.DOT, "552 5.3.4 too big").kind());
        assertEquals(Kind.BOUNCED, said(SessionStage.RCPT, "550 5.2.2 full").kind());
    }

    @Test
    void namesConnectionErrorsAsTheSystemDoes() {
        assertEquals("Connection timed out", connectError(new ConnectTimeoutException("connection timed out after 1")));
        assertEquals("Connection refused", connectError(new ConnectException("Connection refused: /192.0.2.1:25")));
        assertEquals(
                "No route to host",
                connectError(new IOException("connect(..) failed with error(-113): No route to host")));
        assertEquals("IOException", connectError(new IOException()));
    }

    private static String connectError(Exception cause) {
        DeliveryOutcome outcome = OutcomePolicy.connectFailed(PEER, cause);
        assertEquals("4.4.1", outcome.status().toString());
        assertEquals("none", outcome.relay());
        String prefix = "connect to mx.test[192.0.2.1]:25: ";
        assertEquals(prefix, outcome.text().substring(0, prefix.length()));
        return outcome.text().substring(prefix.length());
    }
}
