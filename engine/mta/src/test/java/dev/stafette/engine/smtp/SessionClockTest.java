// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The figures of {@link #followsWhatPostfixDid} are from smtpd 3.7.11 with {@code -o stress=yes}. */
class SessionClockTest {
    /** Somewhere, and close to where the clock turns around. */
    private static final long START_NS = Long.MAX_VALUE - seconds(1);

    private static long seconds(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    private static SessionLimits limits(String... mainCfLines) {
        return TestHost.settings(List.of(mainCfLines)).limits();
    }

    private static void assertEndsAt(double atSeconds, SessionClock clock) {
        assertFalse(clock.isOver(START_NS + seconds(atSeconds) - 1), "before " + atSeconds);
        assertTrue(clock.isOver(START_NS + seconds(atSeconds)), "after " + atSeconds);
    }

    @Test
    void givesTheWholeTimeForEachByteWhenThereIsNoDeadline() {
        SessionClock clock = new SessionClock(limits(), START_NS);
        assertEndsAt(300, clock);
        clock.onBytes(1, false, START_NS + seconds(299));
        assertEndsAt(599, clock);
        clock.onBytes(1, true, START_NS + seconds(500));
        assertEndsAt(800, clock);
    }

    @Test
    void givesTheWholeTimeForACommandWhenThereIsOne() {
        SessionClock clock = new SessionClock(limits("smtpd_per_request_deadline = yes"), START_NS);
        for (int i = 1; i < 300; i++) {
            clock.onBytes(1000, false, START_NS + seconds(i));
        }
        assertEndsAt(300, clock);
        clock.restart(START_NS + seconds(299));
        assertEndsAt(599, clock);
    }

    @Test
    void obeysTheOldNameOfTheDeadline() {
        SessionClock clock = new SessionClock(limits("smtpd_per_record_deadline = yes"), START_NS);
        clock.onBytes(1, false, START_NS + seconds(299));
        assertEndsAt(300, clock);
    }

    /** 100 bytes a second: 421 after 13.0 s, where 12.5 are exact and the next second is the first that is noticed. */
    @Test
    void followsWhatPostfixDid() {
        SessionClock clock = new SessionClock(limits("stress = yes"), START_NS);
        int second = 1;
        while (!clock.isOver(START_NS + seconds(second))) {
            clock.onBytes(100, true, START_NS + seconds(second));
            second++;
        }
        assertTrue(second == 13, second + " s");
    }

    @Test
    void neverRunsOutForContentThatComesFastEnough() {
        SessionClock clock = new SessionClock(limits("stress = yes"), START_NS);
        for (int second = 1; second < 100_000; second++) {
            assertFalse(clock.isOver(START_NS + seconds(second)), second + " s");
            clock.onBytes(500, true, START_NS + seconds(second));
        }
    }

    @Test
    void keepsNoMoreThanTheWholeTimeInStore() {
        SessionClock clock = new SessionClock(limits("stress = yes", "smtpd_min_data_rate = 1"), START_NS);
        clock.onBytes(1_000_000_000, true, START_NS + seconds(5));
        assertEndsAt(15, clock);
    }

    @Test
    void doesNotCountWhatTheClientCannotHelp() {
        SessionClock clock = new SessionClock(limits("stress = yes"), START_NS);
        clock.putOff(seconds(100));
        assertEndsAt(110, clock);
    }

    @Test
    void leavesAClientNoMoreTimeThanANewOneHasWhenItHasToHurry() {
        SessionClock clock = new SessionClock(limits(), START_NS);
        clock.hurry(limits("stress = yes"), START_NS + seconds(100));
        assertEndsAt(110, clock);
        clock.onBytes(1, false, START_NS + seconds(109));
        assertEndsAt(110, clock);
        clock.restart(START_NS + seconds(109));
        assertEndsAt(119, clock);
    }

    @Test
    void givesNoTimeBackWhenItHasToHurry() {
        SessionClock clock = new SessionClock(limits(), START_NS);
        clock.hurry(limits("stress = yes"), START_NS + seconds(295));
        assertEndsAt(300, clock);
    }
}
