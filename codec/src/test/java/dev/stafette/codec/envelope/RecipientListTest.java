// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientListTest {
    private static EnvelopeRecipient recipient(int number, int notifyBits) {
        return new EnvelopeRecipient(MailAddress.of("u" + number, "b.test"), notifyBits, null);
    }

    @Test
    void keepsTheFirstOfThoseThatAreNamedTwice() {
        RecipientList list = new RecipientList();
        assertTrue(list.add(recipient(1, 1)));
        assertTrue(list.add(recipient(2, 2)));
        assertFalse(list.add(recipient(1, 1)));
        assertFalse(list.add(new EnvelopeRecipient(MailAddress.of("U1", "B.test"), 1, null)));
        assertEquals(List.of(recipient(1, 1), recipient(2, 2)), list.recipients());
        assertEquals(2, list.size());
    }

    /** As Debian's Postfix has it: RCPT of a and of an alias for a are two, and so are those with another NOTIFY. */
    @Test
    void tellsThoseApartWhoWereAskedForDifferently() {
        MailAddress alias = MailAddress.of("alias", "b.test");
        EnvelopeRecipient expanded =
                new EnvelopeRecipient(alias, 0, null).at(recipient(1, 0).address());
        for (boolean byAddress : new boolean[] {false, true}) {
            RecipientList list = new RecipientList(1, RecipientList.UNLIMITED, byAddress);
            assertTrue(list.add(recipient(1, 0)));
            assertEquals(!byAddress, list.add(expanded));
            assertFalse(list.add(expanded));
            assertEquals(!byAddress, list.add(recipient(1, 2)));
            assertEquals(
                    !byAddress, list.add(new EnvelopeRecipient(recipient(1, 0).address(), 0, "rfc822;x")));
        }
    }

    /** duplicate_filter_limit: of those behind it, each is taken. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 17, 30})
    void remembersSoManyAndNoMore(int limit) {
        RecipientList list = new RecipientList(1, limit, false);
        for (int i = 0; i < 40; i++) {
            assertTrue(list.add(recipient(i, 0)));
        }
        for (int i = 0; i < 40; i++) {
            assertEquals(i >= limit, list.add(recipient(i, 0)), () -> "limit " + limit);
        }
    }

    /** Few and many are told apart in different ways. */
    @Test
    void keepsTheOrderHoweverManyThereAre() {
        Random random = new Random(5);
        for (int count = 0; count < 60; count++) {
            RecipientList list = new RecipientList(count);
            Map<MailAddress, EnvelopeRecipient> expected = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                EnvelopeRecipient one = recipient(random.nextInt(count), 0);
                assertEquals(expected.putIfAbsent(one.address(), one) == null, list.add(one));
            }
            assertEquals(List.copyOf(expected.values()), list.recipients());
        }
    }
}
