// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerpTest {
    private static final Verp PLUS = new Verp('+', '=');

    @Test
    void namesTheRecipientInTheSender() {
        MailAddress list = MailAddress.of("list", "a.test");
        assertEquals(
                "list+user=b.test@a.test",
                PLUS.sender(list, MailAddress.of("user", "b.test")).external());
        assertEquals(
                "\"list-a b=c\"@a.test",
                new Verp('-', '=').sender(list, MailAddress.of("a b", "c")).external());
    }

    @Test
    void leavesTheNullSenderAlone() {
        EnvelopeRecipient user = new EnvelopeRecipient(MailAddress.of("user", "b.test"));
        Envelope bounce = new Envelope(
                MailAddress.NULL, false, false, DsnReturn.UNSPECIFIED, null, TraceMode.NONE, PLUS, List.of(user));
        assertTrue(bounce.senderFor(user).isNull());
    }

    @Test
    void takesTwoCharactersThatCanBeSeen() {
        assertEquals(PLUS, Verp.parse("+="));
        for (String wrong : List.of("", "+", "+=-", "+ ", "+\u00e9", "\0=")) {
            assertNull(Verp.parse(wrong), wrong);
        }
        assertTrue(PLUS.isOf("-=+"));
        assertFalse(PLUS.isOf("-="));
    }
}
