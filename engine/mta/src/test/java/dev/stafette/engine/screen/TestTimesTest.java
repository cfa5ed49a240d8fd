// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TestTimesTest {
    private static final int ALL = ScreenTest.EARLY | ScreenTest.DEEP;

    @Test
    void readsWhatPostfixWrites() {
        TestTimes times = TestTimes.parse("1000;0;1;2000;3000");
        assertEquals(new TestTimes(1000, 0, 1, 2000, 3000), times);
        assertEquals("1000;0;1;2000;3000", times.text());
        assertTrue(times.isNew());
    }

    /** An earlier release had fewer tests. */
    @Test
    void takesWhatIsMissingOrWrongAsNotWanted() {
        assertEquals(new TestTimes(1000, 2000, 1, 1, 1), TestTimes.parse("1000;2000"));
        assertEquals(new TestTimes(1000, 1, 1, 1, 1), TestTimes.parse("1000;x;3000"));
        assertEquals(new TestTimes(1, 1, 1, 1, 1), TestTimes.parse(""));
    }

    @Test
    void isDueAMomentAfterItsTime() {
        TestTimes times = new TestTimes(1000, 2000, 1, 3000, 0);
        assertEquals(ScreenTest.PIPELINING.bit() | ScreenTest.BARE_NEWLINE.bit(), times.due(ALL, 1000));
        assertEquals(
                ScreenTest.PREGREET.bit() | ScreenTest.PIPELINING.bit() | ScreenTest.BARE_NEWLINE.bit(),
                times.due(ALL, 1001));
        assertEquals(ScreenTest.PREGREET.bit(), times.due(ScreenTest.PREGREET.bit() | ScreenTest.DNSBL.bit(), 1001));
    }

    @Test
    void callsNobodyNewForATestThatWasNotWanted() {
        TestTimes times = TestTimes.NEW.with(ScreenTest.PREGREET, 1000).settled(ScreenTest.PREGREET.bit());
        assertFalse(times.isNew());
        assertTrue(TestTimes.NEW.with(ScreenTest.PREGREET, 1000).settled(ALL).isNew());
    }

    @Test
    void prolongsTheOthersAndShortensNone() {
        TestTimes times = new TestTimes(1000, 10, 9000, 1, 0).atLeast(5000, ScreenTest.DNSBL);
        assertEquals(new TestTimes(5000, 10, 9000, 5000, 5000), times);
    }
}
