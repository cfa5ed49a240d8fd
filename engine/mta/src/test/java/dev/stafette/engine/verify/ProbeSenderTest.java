// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stafette.codec.address.MailAddress;
import org.junit.jupiter.api.Test;

class ProbeSenderTest {
    private static final MailAddress BARE = MailAddress.of("double-bounce", "b.test");

    @Test
    void staysTheSameWithoutATimeToLive() {
        ProbeSender sender = new ProbeSender(BARE, 0);
        assertEquals(BARE, sender.at(1_700_000_000));
        assertEquals(BARE, sender.bareOf(MailAddress.of("Double-Bounce", "B.test"), 1));
        assertNull(sender.bareOf(MailAddress.of("double-bounce1", "b.test"), 1));
        assertNull(sender.bareOf(MailAddress.of("double-bounce", ""), 1));
        assertNull(sender.bareOf(MailAddress.of("double-bounce", "c.test"), 1));
        assertNull(sender.bareOf(MailAddress.NULL, 1));
    }

    /** Digits as in verify_sender_addr(3). */
    @Test
    void carriesTheTimeAndIsKnownOneStepBeforeAndAfter() {
        ProbeSender sender = new ProbeSender(BARE, 100_000);
        long nowS = 1_700_000_000;
        MailAddress now = sender.at(nowS);
        // 17000 = 17 * 961 + 21 * 31 + 12
        assertEquals("double-bounceKPD@b.test", now.external());
        for (long ahead : new long[] {-100_000, 0, 100_000}) {
            assertEquals(BARE, sender.bareOf(now, nowS + ahead));
        }
        assertNull(sender.bareOf(now, nowS + 200_000));
        assertNull(sender.bareOf(now, nowS - 200_000));
        assertNull(sender.bareOf(BARE, nowS));
        assertNull(sender.bareOf(MailAddress.of("double-bounceAEI", "b.test"), nowS));
    }

    @Test
    void isTheNullSenderWhereItIsConfigured() {
        ProbeSender sender = new ProbeSender(MailAddress.NULL, 100);
        assertEquals(MailAddress.NULL, sender.at(5));
        assertEquals(MailAddress.NULL, sender.bareOf(MailAddress.NULL, 5));
        assertNull(sender.bareOf(MailAddress.of("u", "b.test"), 5));
        assertNull(sender.bareOf(MailAddress.of("u", ""), 5));
    }
}
