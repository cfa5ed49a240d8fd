// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueIdTest {
    private static final long MICROS = 1_700_000_000_123_456L;

    @Test
    void hasTheTextThatItAlwaysHad() {
        assertEquals("4SVLCh0sf8z0", QueueId.format(MICROS << 10));
        assertEquals("4SVLCh0sf8z7", QueueId.format(MICROS << 10 | 7));
        assertEquals("4SVLCh0sf8zN3", QueueId.format(MICROS << 10 | 1023));
    }

    @Test
    void isReadBackFromItsText() {
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            long id = (MICROS + random.nextInt()) << 10 | random.nextInt(1024);
            assertEquals(id, QueueId.parse(QueueId.format(id)));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "z",
                "z0",
                "4SVLCh0sf8",
                "4SVLCh0sf8z",
                "4SVLCh0sf8za",
                "4SVLChzzzzz0",
                "4SVICH0SF8Z0",
                "0000000000000000000000z00",
                "4SVLCh0sf8zzzz",
                "../../../../etc/passwdz0"
            })
    void isNotFoundInOtherTexts(String text) {
        assertEquals(QueueId.NONE, QueueId.parse(text));
    }

    @Test
    void growsEvenWhenTheClockGoesBack() {
        QueueId.Source source = new QueueId.Source(3, MICROS << 10);
        long last = MICROS << 10;
        for (long offset : new long[] {5, 5, 4, -1_000_000, 9, 8}) {
            long next = source.next(MICROS + offset);
            assertTrue(next > last, "after " + offset);
            assertEquals(3, next & QueueId.NODE_MAX);
            last = next;
        }
    }

    @Test
    void refusesANodeThatHasNoPlace() {
        assertThrows(IllegalArgumentException.class, () -> new QueueId.Source(1024, 0));
        assertThrows(IllegalArgumentException.class, () -> new QueueId.Source(-1, 0));
    }
}
