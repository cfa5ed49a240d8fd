// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReturnAddressTest {
    private static final byte[] KEY = "a key of sixteen".getBytes(StandardCharsets.US_ASCII);
    private static final MailAddress SENDER = MailAddress.of("bounces", "a.test");
    private static final MailAddress READER = MailAddress.of("ann", "b.test");
    private static final long ID = 0x1234_5678_9abc_def0L;

    private static ReturnAddress stored(String tenant, String campaign) {
        return ReturnAddress.seal(SENDER, 'k', KEY, ID, tenant, campaign);
    }

    private static ReturnAddress parsed(MailAddress address) {
        ReturnAddress parsed = ReturnAddress.parse(address);
        assertNotNull(parsed, address.external());
        return parsed;
    }

    /** What is in queues and on its way must be understood by later versions. */
    @Test
    void looksAsItAlwaysDid() {
        assertEquals(
                "bounces+rtkbencwpcnlzxxqrinubi3alfappqgbzzpco6cbfk=acme=fall-26@a.test",
                stored("acme", "fall-26").address().external());
        assertEquals(
                "bounces+rtkbencwpcnlzxxqltcrje3vyqrv=acme=fall-26+ann=b.test@a.test",
                stored("acme", "fall-26").sealedFor(READER).address().external());
    }

    @Test
    void tellsWhatWasPutIntoIt() {
        ReturnAddress back = parsed(stored("acme", "fall.2026")
                .sealedFor(MailAddress.of("ann+x=y", "b.test"))
                .address());
        assertEquals(SENDER, back.original());
        assertEquals(ID, back.queueId());
        assertEquals("acme", back.tenant());
        assertEquals("fall.2026", back.campaign());
        assertEquals(MailAddress.of("ann+x=y", "b.test"), back.recipient());
        assertTrue(back.isValid(KEY));
        assertFalse(back.isStored());
    }

    @Test
    void isMadeForEachRecipientOutOfWhatIsStored() {
        ReturnAddress stored = parsed(stored("t", "c").address());
        assertTrue(stored.isStored());
        assertTrue(stored.isValid(KEY));
        MailAddress sent = new Verp('-', '=').sender(stored.address(), READER);
        assertEquals(stored.sealedFor(READER).address(), sent);
        assertTrue(parsed(sent).isValid(KEY));
        assertEquals(sent, new Verp('+', '=').sender(sent, MailAddress.of("bob", "c.test")));
    }

    @Test
    void holdsForOneRecipientOnly() {
        ReturnAddress forAnn = stored("t", "c").sealedFor(READER);
        ReturnAddress forged =
                new ReturnAddress(SENDER, 'k', ID, "t", "c", forAnn.seal(), MailAddress.of("bob", "b.test"));
        assertFalse(parsed(forged.address()).isValid(KEY));
        ReturnAddress ofAll = new ReturnAddress(SENDER, 'k', ID, "t", "c", forAnn.seal(), null);
        assertFalse(parsed(ofAll.address()).isValid(KEY));
    }

    @Test
    void holdsForNothingElseThatHasBeenChanged() {
        ReturnAddress good = stored("t", "c").sealedFor(READER);
        assertTrue(good.isValid(KEY));
        assertFalse(good.isValid("another key of 16".getBytes(StandardCharsets.US_ASCII)));
        for (ReturnAddress bad : List.of(
                new ReturnAddress(MailAddress.of("other", "a.test"), 'k', ID, "t", "c", good.seal(), READER),
                new ReturnAddress(MailAddress.of("bounces", "x.test"), 'k', ID, "t", "c", good.seal(), READER),
                new ReturnAddress(SENDER, 'l', ID, "t", "c", good.seal(), READER),
                new ReturnAddress(SENDER, 'k', ID + 1, "t", "c", good.seal(), READER),
                new ReturnAddress(SENDER, 'k', ID, "u", "c", good.seal(), READER),
                new ReturnAddress(SENDER, 'k', ID, "t", "d", good.seal(), READER))) {
            assertFalse(parsed(bad.address()).isValid(KEY), bad.toString());
        }
    }

    @Test
    void survivesServersThatChangeTheCase() {
        MailAddress sent = stored("Acme", "Fall").sealedFor(READER).address();
        for (String local : List.of(
                sent.localPart().toLowerCase(Locale.ROOT), sent.localPart().toUpperCase(Locale.ROOT))) {
            assertTrue(parsed(MailAddress.of(local, "A.TEST")).isValid(KEY), local);
        }
    }

    @Test
    void leavesAddressesAloneThatOnlyLookAlike() {
        for (String local : List.of(
                "bounces",
                "bounces+rt",
                "bounces+rtkbenc",
                "+rtkaaaaaaaaaaaaaaaaaaaaaaaaa",
                "ann+rtkaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
                "ann+rtkaaaaaaaaaaaaabbbbbbbbbbbb=t",
                "ann+rtkaaaaaaaaaaaaabbbbbbbbbbbb=t~z1=c",
                "ann+rtkaaaaaaaaaaaaabbbbbbbbbbbb+user")) {
            assertNull(ReturnAddress.parse(MailAddress.of(local, "a.test")), local);
        }
    }

    @Test
    void writesAnyNameSoThatNoServerNeedsQuotesForIt() {
        Random random = new Random(12);
        String characters = "ab.-_ =+~%@\"\\é€.0";
        for (int i = 0; i < 2000; i++) {
            StringBuilder name = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                name.append(characters.charAt(random.nextInt(characters.length())));
            }
            ReturnAddress stored = stored(name.toString(), name.reverse().toString());
            MailAddress address = stored.sealedFor(null).address();
            assertFalse(MailAddress.needsQuotes(address.localPart()), address.external());
            assertTrue(parsed(address).isValid(KEY), address.external());
            assertEquals(address, parsed(address).address());
        }
    }

    @Test
    void takesNothingButWholeAddressesOutOfRandomOnes() {
        Random random = new Random(5);
        String good = stored("t", "c").sealedFor(READER).address().localPart();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder local = new StringBuilder(good);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                local.setCharAt(random.nextInt(local.length()), (char) (33 + random.nextInt(94)));
            }
            ReturnAddress parsed = ReturnAddress.parse(MailAddress.of(local.toString(), "a.test"));
            boolean isSame = local.toString().equalsIgnoreCase(good);
            assertEquals(isSame, parsed != null && parsed.isValid(KEY), local.toString());
        }
    }

    @Test
    void differsBetweenMessages() {
        assertNotEquals(
                stored("t", "c").seal(),
                ReturnAddress.seal(SENDER, 'k', KEY, ID + 1, "t", "c").seal());
    }
}
