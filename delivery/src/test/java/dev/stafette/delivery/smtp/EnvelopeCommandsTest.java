// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvelopeCommandsTest {
    private static final int ALL = EhloCapabilities.PIPELINING
            | EhloCapabilities.SIZE
            | EhloCapabilities.EIGHT_BIT_MIME
            | EhloCapabilities.DSN
            | EhloCapabilities.SMTP_UTF8;

    private record Body(long sizeBytes, boolean hasEightBit) implements MessageBody {
        @Override
        public int partCount() {
            return 0;
        }

        @Override
        public FileChannel partChannel(int part) {
            throw new IllegalStateException();
        }

        @Override
        public long partPosition(int part) {
            return 0;
        }

        @Override
        public int partLengthBytes(int part) {
            return 0;
        }

        @Override
        public boolean hasLongLines() {
            return false;
        }

        @Override
        public boolean hasEightBitHeader() {
            return hasEightBit;
        }

        @Override
        public void release() {}
    }

    private static EnvelopeCommands commands(Envelope envelope, Body body, int offered) {
        DeliveryRequest request =
                new DeliveryRequest("ID", "b.test", envelope, new int[] {0}, body, (a, b) -> {}, 1, "", "", null, "");
        return new EnvelopeCommands(request, new EhloCapabilities(offered, 0, List.of()), ClientHabits.USUAL, null);
    }

    private static String mail(Envelope envelope, Body body, int offered) {
        ByteBuf out = Unpooled.buffer();
        commands(envelope, body, offered).writeMail(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String rcpt(EnvelopeRecipient recipient, int offered) {
        ByteBuf out = Unpooled.buffer();
        Envelope envelope = Envelope.of(MailAddress.NULL, List.of(recipient));
        commands(envelope, new Body(1, false), offered).writeRcpt(out, 0);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static final EnvelopeRecipient USER = new EnvelopeRecipient(MailAddress.of("u", "b.test"));

    private static final Envelope FULL = new Envelope(
            MailAddress.of("a b", "a.test"),
            true,
            true,
            DsnReturn.HDRS,
            "QQ+2B314",
            TraceMode.NONE,
            null,
            List.of(USER));

    @Test
    void saysAllThatTheServerUnderstands() {
        assertEquals(
                "MAIL FROM:<\"a b\"@a.test> SIZE=1234567890123 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ+2B314\r\n",
                mail(FULL, new Body(1_234_567_890_123L, false), ALL));
        assertEquals(
                "RCPT TO:<u@b.test> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;u+2Bx@b.test\r\n",
                rcpt(
                        new EnvelopeRecipient(
                                USER.address(),
                                DsnNotify.SUCCESS | DsnNotify.FAILURE | DsnNotify.DELAY,
                                "rfc822;u+2Bx@b.test"),
                        ALL));
        assertEquals(
                "RCPT TO:<u@b.test> NOTIFY=NEVER\r\n",
                rcpt(new EnvelopeRecipient(USER.address(), DsnNotify.NEVER, null), ALL));
    }

    @Test
    void saysNothingThatTheServerDoesNotOffer() {
        assertEquals("MAIL FROM:<\"a b\"@a.test>\r\n", mail(FULL, new Body(10, true), 0));
        assertEquals(
                "RCPT TO:<u@b.test>\r\n", rcpt(new EnvelopeRecipient(USER.address(), DsnNotify.NEVER, "rfc822;x"), 0));
    }

    @Test
    void saysNothingThatTheClientDidNot() {
        Envelope plain = Envelope.of(MailAddress.NULL, List.of(USER));
        assertEquals("MAIL FROM:<> SIZE=0\r\n", mail(plain, new Body(0, false), ALL));
        assertEquals("MAIL FROM:<> SIZE=10 BODY=8BITMIME\r\n", mail(plain, new Body(10, true), ALL));
        assertEquals("RCPT TO:<u@b.test>\r\n", rcpt(USER, ALL));
    }

    @Test
    void writesAddressesInUtf8() {
        EnvelopeRecipient recipient = new EnvelopeRecipient(MailAddress.of("δοκιμή", "δ.test"));
        assertEquals("RCPT TO:<δοκιμή@δ.test>\r\n", rcpt(recipient, ALL));
    }
}
