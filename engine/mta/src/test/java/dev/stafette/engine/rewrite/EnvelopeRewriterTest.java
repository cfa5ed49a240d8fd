// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnvelopeRewriterTest {
    private static final EnvelopeRewriter REWRITER = new EnvelopeRewriter(AddressRewriter.of(
            "here.test", new AddressClasses(DomainList.of(List.of("here.test")), DomainList.of(List.of()), Set.of())));

    private static Envelope envelope(String sender, String... recipients) {
        List<EnvelopeRecipient> all = new ArrayList<>();
        for (String one : recipients) {
            all.add(new EnvelopeRecipient(AddressList.split(one)));
        }
        return Envelope.of(AddressList.split(sender), all);
    }

    private static List<String> recipients(String... given) {
        return REWRITER.rewrite(envelope("a@a.test", given), Inquiry.BLOCKING).recipients().stream()
                .map(one -> one.address().external())
                .toList();
    }

    @Test
    void givesEveryAddressItsCompleteForm() {
        Envelope rewritten = REWRITER.rewrite(envelope("joe", "jim", "u@b.test"), Inquiry.BLOCKING);
        assertEquals("joe@here.test", rewritten.sender().external());
        assertEquals(List.of("jim@here.test", "u@b.test"), recipients("jim", "u@b.test"));
        assertTrue(REWRITER.rewrite(envelope("", "u@b.test"), Inquiry.BLOCKING)
                .sender()
                .isNull());
    }

    @Test
    void followsARouteInALocalPartHoweverTheMessageComes() {
        assertEquals(List.of("u@b.test"), recipients("u%b.test@here.test"));
        assertEquals(List.of("u@b.test"), recipients("b.test!u@here.test"));
        assertEquals(List.of("u%b.test@c.test"), recipients("u%b.test@c.test"));
        MailAddress routed = AddressList.split("u%b.test@here.test");
        assertEquals("u@b.test", String.valueOf(REWRITER.tryRecipient(routed, false, Inquiry.BLOCKING)));
    }

    @Test
    void keepsWhatLeadsNowhereWhenNobodyIsThereToBeRefused() {
        assertEquals(List.of("u%-@here.test"), recipients("u%-@here.test"));
        MailAddress nowhere = AddressList.split("u%-@here.test");
        assertTrue(REWRITER.leadsNowhere(nowhere, false, Inquiry.BLOCKING));
        assertNull(REWRITER.tryRecipient(nowhere, false, Inquiry.BLOCKING));
        assertFalse(REWRITER.leadsNowhere(AddressList.split("u%b.test@here.test"), false, Inquiry.BLOCKING));
        assertFalse(REWRITER.leadsNowhere(AddressList.split("u@here.test"), false, Inquiry.BLOCKING));
    }

    /** As Postfix does, with enable_original_recipient: each delivery says which address it was asked for. */
    @Test
    void sendsTheMessageOnceForEachAddressThatWasGiven() {
        assertEquals(
                List.of("u@b.test", "joe@here.test", "joe@here.test"),
                recipients("u@b.test", "joe", "joe@here.test", "Joe", "u@b.test"));
    }

    @Test
    void remembersWhichAddressWasGiven() {
        List<EnvelopeRecipient> all = REWRITER.rewrite(
                        envelope("a@a.test", "joe", "u%b.test@here.test", "j@b.test"), Inquiry.BLOCKING)
                .recipients();
        assertEquals("joe", all.get(0).givenAddress());
        assertEquals("u%b.test@here.test", all.get(1).givenAddress());
        assertNull(all.get(2).givenAddress());
    }

    @Test
    void sendsWhatIsForNobodyToTheDaemon() {
        assertEquals(List.of("MAILER-DAEMON@here.test"), recipients(""));
    }

    @Test
    void keepsWhatTheSenderAskedFor() {
        EnvelopeRecipient asked = new EnvelopeRecipient(AddressList.split("joe"), DsnNotify.NEVER, "rfc822;joe+40x");
        EnvelopeRecipient kept = REWRITER.rewrite(Envelope.of(MailAddress.NULL, List.of(asked)), Inquiry.BLOCKING)
                .recipients()
                .get(0);
        assertEquals(DsnNotify.NEVER, kept.notifyBits());
        assertEquals("rfc822;joe+40x", kept.originalRecipient());
    }
}
