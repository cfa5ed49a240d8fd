// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The window against sequences that follow from Postfix's rules. */
class ConcurrencyWindowTest {
    private static final Feedback PER_CONCURRENCY = new Feedback(1, true);
    private static final Feedback QUARTER = new Feedback(0.25, false);

    private static TransportSettings settings(int initial, int limit) {
        return TransportSettings.DEFAULTS.withConcurrency(initial, limit);
    }

    private static ConcurrencyWindow window(TransportSettings settings) {
        return new ConcurrencyWindow(settings);
    }

    /** The window before the first and after each failure, until it is dead. */
    private static List<Integer> failToDeath(TransportSettings settings) {
        ConcurrencyWindow window = window(settings);
        List<Integer> seen = new ArrayList<>(List.of(window.window()));
        while (!window.isDead()) {
            fail(window);
            seen.add(window.window());
        }
        return seen;
    }

    private static void fail(ConcurrencyWindow window) {
        window.acquire();
        window.releaseUnwell();
    }

    /** One success while the window is full. */
    private static void succeedFull(ConcurrencyWindow window) {
        while (window.hasRoom()) {
            window.acquire();
        }
        window.releaseWell();
    }

    private static List<Integer> down(int from, int to) {
        List<Integer> all = new ArrayList<>();
        for (int i = from; i >= to; i--) {
            all.add(i);
        }
        return all;
    }

    private static List<Integer> joined(List<Integer> first, Integer... rest) {
        List<Integer> all = new ArrayList<>(first);
        Collections.addAll(all, rest);
        return all;
    }

    @Test
    void diesByTheFailuresOfOneCohort() {
        assertEquals(List.of(1, 0), failToDeath(settings(1, 20)));
        assertEquals(List.of(2, 1, 0), failToDeath(settings(2, 20)));
        assertEquals(List.of(5, 3, 2, 0), failToDeath(settings(5, 20)));
        assertEquals(List.of(10, 8, 7, 6, 5, 4, 3, 0), failToDeath(settings(10, 20)));
        List<Integer> fromTwenty = failToDeath(settings(20, 20));
        assertEquals(joined(joined(List.of(20), down(18, 7).toArray(Integer[]::new)), 0), fromTwenty);
        assertEquals(13, fromTwenty.size() - 1);
    }

    @Test
    void shrinksByOneOverTheConcurrency() {
        TransportSettings from5 = settings(5, 20).withFeedback(Feedback.ONE, PER_CONCURRENCY, 1);
        assertEquals(List.of(5, 4, 4, 4, 3, 0), failToDeath(from5));
        TransportSettings from20 = settings(20, 20).withFeedback(Feedback.ONE, PER_CONCURRENCY, 1);
        List<Integer> expected = new ArrayList<>(List.of(20));
        expected.addAll(Collections.nCopies(18, 19));
        assertEquals(joined(expected, 18, 0), failToDeath(from20));
    }

    @Test
    void diesByTenCohorts() {
        TransportSettings ten = settings(5, 20).withFeedback(Feedback.ONE, Feedback.ONE, 10);
        assertEquals(List.of(5, 3, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0), failToDeath(ten));
        assertEquals(11, failToDeath(ten.withConcurrency(1, 1)).size(), "ten failures at a limit of 1");
    }

    @Test
    void neverDiesWithoutACohortLimit() {
        ConcurrencyWindow window = window(settings(5, 20).withFeedback(Feedback.ONE, Feedback.ONE, 0));
        for (int i = 0; i < 1000; i++) {
            fail(window);
        }
        assertEquals(1, window.window());
    }

    @Test
    void growsByOneForEachSuccessOfAFullWindow() {
        ConcurrencyWindow window = window(settings(5, 20));
        for (int expected = 6; expected <= 20; expected++) {
            succeedFull(window);
            assertEquals(expected, window.window());
        }
        succeedFull(window);
        assertEquals(20, window.window());
    }

    @Test
    void growsNoFurtherThanTrafficFillsIt() {
        ConcurrencyWindow window = window(settings(5, 20));
        for (int i = 0; i < 50; i++) {
            window.acquire();
            window.releaseWell();
        }
        assertEquals(6, window.window());
    }

    @Test
    void growsByOneOverTheConcurrency() {
        ConcurrencyWindow window = window(settings(5, 20).withFeedback(PER_CONCURRENCY, Feedback.ONE, 1));
        List<Integer> movedAt = new ArrayList<>();
        for (int i = 1; i <= 18; i++) {
            int before = window.window();
            succeedFull(window);
            if (window.window() > before) {
                movedAt.add(i);
            }
        }
        assertEquals(List.of(5, 11, 18), movedAt);
        assertEquals(8, window.window());
    }

    @Test
    void losesMoreThanItWinsWhenBothAlternate() {
        ConcurrencyWindow window = window(settings(5, 20));
        List<Integer> seen = new ArrayList<>(List.of(5));
        for (int i = 0; i < 5; i++) {
            succeedFull(window);
            fail(drained(window));
            seen.add(window.window());
        }
        assertEquals(List.of(5, 4, 3, 2, 1, 1), seen);
    }

    /** Ends what is in flight without telling the window anything. */
    private static ConcurrencyWindow drained(ConcurrencyWindow window) {
        while (window.busy() > 0) {
            window.release();
        }
        return window;
    }

    @Test
    void movesByQuarters() {
        ConcurrencyWindow window = window(settings(5, 20).withFeedback(QUARTER, QUARTER, 1));
        for (int i = 0; i < 12; i++) {
            succeedFull(window);
        }
        assertEquals(8, window.window());
        List<Integer> seen = new ArrayList<>();
        drained(window);
        for (int i = 0; i < 6; i++) {
            fail(window);
            seen.add(window.window());
        }
        assertEquals(List.of(7, 7, 7, 6, 6, 6), seen);
    }

    @Test
    void capsTheInitialWindowAtTheLimit() {
        assertEquals(2, window(settings(5, 2)).window());
        assertEquals(5, window(settings(5, 0)).window());
    }

    @Test
    void growsWithoutEndWithoutALimit() {
        ConcurrencyWindow window = window(settings(5, 0));
        for (int i = 0; i < 100; i++) {
            succeedFull(window);
        }
        assertEquals(105, window.window());
    }

    @Test
    void comesBackWithTheInitialWindowInPostfixMode() {
        ConcurrencyWindow window = window(settings(5, 20));
        while (!window.isDead()) {
            fail(window);
        }
        window.revive(false);
        assertEquals(5, window.window());
    }

    @Test
    void comesBackWithWhatIsStillBusyInPostfixMode() {
        ConcurrencyWindow window = window(settings(5, 20));
        for (int i = 0; i < 5; i++) {
            window.acquire();
        }
        window.releaseUnwell();
        window.releaseUnwell();
        assertTrue(window.releaseUnwell());
        window.revive(false);
        assertEquals(2, window.window());
    }

    @Test
    void isRevivedByALateSuccess() {
        ConcurrencyWindow window = window(settings(5, 20));
        for (int i = 0; i < 5; i++) {
            window.acquire();
        }
        for (int i = 0; i < 3; i++) {
            window.releaseUnwell();
        }
        assertTrue(window.isDead());
        assertTrue(window.releaseWell());
        assertEquals(2, window.window(), "the busy ones, of which the finished one was the second");
    }

    @Test
    void ignoresFailuresWhenDead() {
        ConcurrencyWindow window = window(settings(5, 20));
        for (int i = 0; i < 5; i++) {
            window.acquire();
        }
        for (int i = 0; i < 3; i++) {
            window.releaseUnwell();
        }
        assertFalse(window.releaseUnwell());
        assertFalse(window.releaseUnwell());
        assertEquals(0, window.busy());
    }

    @Test
    void isProbedByOneAttemptAndGrowsFromThere() {
        ConcurrencyWindow window = window(settings(5, 20));
        while (!window.isDead()) {
            fail(window);
        }
        window.revive(true);
        assertEquals(1, window.window());
        for (int expected = 2; expected <= 6; expected++) {
            succeedFull(window);
            assertEquals(expected, window.window());
        }
    }

    @Test
    void diesAtTheFirstFailureOfAProbe() {
        ConcurrencyWindow window = window(settings(5, 20).withFeedback(Feedback.ONE, Feedback.ONE, 10));
        while (!window.isDead()) {
            fail(window);
        }
        window.revive(true);
        window.acquire();
        assertTrue(window.releaseUnwell());
    }

    @Test
    void forgetsWhenIdleUnlessOnProbation() {
        ConcurrencyWindow window = window(settings(5, 20));
        succeedFull(window);
        drained(window).forget();
        assertEquals(5, window.window());
        while (!window.isDead()) {
            fail(window);
        }
        window.forget();
        assertTrue(window.isDead());
        window.revive(true);
        window.forget();
        assertEquals(1, window.window());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void staysInItsBounds(long seed) {
        Random random = new Random(seed);
        Feedback[] feedbacks = {Feedback.ONE, QUARTER, PER_CONCURRENCY, new Feedback(0, false)};
        for (int run = 0; run < 50; run++) {
            int limit = random.nextInt(30);
            TransportSettings settings = settings(1 + random.nextInt(10), limit)
                    .withFeedback(feedbacks[random.nextInt(4)], feedbacks[random.nextInt(4)], random.nextInt(4));
            walk(window(settings), settings, random);
        }
    }

    private static void walk(ConcurrencyWindow window, TransportSettings settings, Random random) {
        int granted = window.window();
        for (int step = 0; step < 400; step++) {
            if (window.hasRoom() && random.nextInt(3) > 0) {
                window.acquire();
            } else if (window.busy() > 0) {
                if (random.nextInt(4) == 0) {
                    window.releaseUnwell();
                } else {
                    window.releaseWell();
                }
            } else if (window.isDead()) {
                window.revive(random.nextBoolean());
            }
            granted = Math.max(granted, window.window());
            assertTrue(window.window() >= 0 && window.busy() >= 0 && window.busy() <= granted);
            assertTrue(settings.concurrencyLimit() == 0 || window.window() <= settings.concurrencyLimit());
        }
    }

    @Test
    void letsAsManyWaitAheadAsMayBeInFlight() {
        ConcurrencyWindow window = window(settings(2, 2).withLookAhead(1));
        for (int i = 0; i < 4; i++) {
            assertTrue(window.hasRoom());
            window.acquire();
        }
        assertFalse(window.hasRoom());
        assertEquals(2, window.busy());
        assertEquals(2, window.ahead());
        window.releaseWell();
        assertEquals(2, window.busy());
        assertEquals(1, window.ahead());
        window.release();
        window.release();
        window.release();
        assertEquals(0, window.busy());
        assertEquals(0, window.ahead());
    }

    @Test
    void letsAsManyWaitAheadOfEachPlaceAsTheTransportLooksAhead() {
        ConcurrencyWindow window = window(settings(2, 2).withLookAhead(3));
        for (int i = 0; i < 8; i++) {
            assertTrue(window.hasRoom());
            window.acquire();
        }
        assertFalse(window.hasRoom());
        assertEquals(2, window.busy());
        assertEquals(6, window.ahead());
        window.releaseWell();
        assertTrue(window.hasRoom());
        assertEquals(2, window.busy());
        assertEquals(5, window.ahead());
    }

    @Test
    void growsAlikeWhetherSomeWaitAheadOrNot() {
        ConcurrencyWindow without = window(settings(5, 20));
        ConcurrencyWindow with = window(settings(5, 20).withLookAhead(1));
        for (int i = 0; i < 40; i++) {
            succeedFull(without);
            succeedFull(with);
            assertEquals(without.window(), with.window());
        }
        assertEquals(20, with.window());
    }

    @Test
    void letsNobodyWaitAheadOfASiteThatHasFailedSinceItsLastSuccess() {
        ConcurrencyWindow window = window(settings(5, 20).withLookAhead(1));
        window.acquire();
        window.releaseUnwell();
        while (window.hasRoom()) {
            window.acquire();
        }
        assertEquals(0, window.ahead());
        window.releaseWell();
        window.acquire();
        assertTrue(window.hasRoom());
    }
}
