// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class ReasonsTest {
    private final Reasons reasons = new Reasons(4);

    @Test
    void keepsEqualTextsOnce() {
        int one = reasons.acquire("a");
        assertEquals(one, reasons.acquire("a"));
        assertNotEquals(one, reasons.acquire("b"));
        reasons.release(one);
        assertEquals("a", reasons.text(one));
        reasons.release(one);
        assertEquals(1, reasons.size());
    }

    @Test
    void saysSoWhenThereAreTooMany() {
        int a = reasons.acquire("a");
        int b = reasons.acquire("b");
        int c = reasons.acquire("c");
        assertEquals(Reasons.TOO_MANY_TEXT, reasons.text(c));
        reasons.release(c);
        reasons.release(a);
        int d = reasons.acquire("d");
        assertEquals("d", reasons.text(d));
        assertEquals("b", reasons.text(b));
    }

    @Test
    void keepsNoMoreOfATextThanItsLimit() {
        int id = reasons.acquire("x".repeat(Reasons.CHARS_MAX + 1));
        assertEquals("x".repeat(Reasons.CHARS_MAX), reasons.text(id));
    }

    @Test
    void countsNothingForTheEmptyText() {
        assertEquals(Reasons.EMPTY, reasons.acquire(""));
        reasons.release(Reasons.EMPTY);
        assertEquals("", reasons.text(Reasons.EMPTY));
        assertEquals(0, reasons.size());
    }
}
