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

class RecipientListTest {
    private static EnvelopeRecipient recipient(int number, int notifyBits) {
        return new EnvelopeRecipient(MailAddress.of("u" + number, "b.test"), notifyBits, null);
    }

    @Test
    void keepsTheFirstOfThoseThatAreNamedTwice() {
        RecipientList list = new RecipientList();
        assertTrue(list.add(recipient(1, 1)));
        assertTrue(list.add(recipient(2, 2)));
        assertFalse(list.add(recipient(1, 4)));
        assertEquals(List.of(recipient(1, 1), recipient(2, 2)), list.recipients());
        assertEquals(2, list.size());
    }

    /** Few and many are told apart in different ways. */
    @Test
    void keepsTheOrderHoweverManyThereAre() {
        Random random = new Random(5);
        for (int count = 0; count < 60; count++) {
            RecipientList list = new RecipientList(count);
            Map<MailAddress, EnvelopeRecipient> expected = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                EnvelopeRecipient one = recipient(random.nextInt(count), i);
                assertEquals(expected.putIfAbsent(one.address(), one) == null, list.add(one));
            }
            assertEquals(List.copyOf(expected.values()), list.recipients());
        }
    }
}
