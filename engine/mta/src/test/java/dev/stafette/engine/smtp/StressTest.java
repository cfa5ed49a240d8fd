// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Time is in seconds here: the state does not care. */
class StressTest {
    private static final long HOLD = 1000;

    private final Stress stress = new Stress();

    @Test
    void beginsOnce() {
        assertFalse(stress.isOn());
        assertTrue(stress.onFull(5));
        assertTrue(stress.isOn());
        assertFalse(stress.onFull(6));
    }

    @Test
    void endsWhenItWasNotFullForTheHoldTime() {
        stress.onFull(5);
        stress.onFull(50);
        assertEquals(45, stress.tryEnd(1005, HOLD));
        assertTrue(stress.isOn());
        assertEquals(1, stress.tryEnd(1049, HOLD));
        assertEquals(0, stress.tryEnd(1050, HOLD));
        assertFalse(stress.isOn());
        assertTrue(stress.onFull(1051), "it begins again");
    }

    @Test
    void knowsNoEndOfTheClock() {
        long late = Long.MAX_VALUE - 10;
        stress.onFull(late);
        assertEquals(1, stress.tryEnd(late + 999, HOLD));
        assertEquals(0, stress.tryEnd(late + 1000, HOLD));
    }

    @Test
    void warnsAtMostOnceInTheHoldTime() {
        assertTrue(stress.tryWarn(5, HOLD));
        assertFalse(stress.tryWarn(6, HOLD));
        assertFalse(stress.tryWarn(1004, HOLD));
        assertTrue(stress.tryWarn(1005, HOLD));
        assertFalse(stress.tryWarn(1006, HOLD));
    }
}
