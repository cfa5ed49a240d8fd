// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The threads of a table whose server answers when the test lets it. */
@Timeout(180)
class SharedLookupsTest {
    private static final long NEVER_MS = 3_600_000;

    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger questions = new AtomicInteger();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final LookupClock clock = new LookupClock();

    private SharedLookups lookups(int threadsMax, int waitingMax, long deadlineMs) {
        return new SharedLookups("slow:x", this::answer, clock, threadsMax, waitingMax, deadlineMs);
    }

    private TableAnswer answer(String key) {
        questions.incrementAndGet();
        asked.add(key);
        answers.acquireUninterruptibly();
        if (key.equals("broken")) {
            throw new IllegalStateException("broken");
        }
        return TableAnswer.found(key);
    }

    @AfterEach
    void answerAll() {
        answers.release(10_000);
    }

    private void ask(SharedLookups lookups, String key) {
        lookups.start(key, answer -> heard.add(key + " " + answer));
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(60, TimeUnit.SECONDS));
    }

    @Test
    void asksOnceForAllWhoWantTheSameKey() throws InterruptedException {
        SharedLookups lookups = lookups(8, 10, NEVER_MS);
        for (int i = 0; i < 100; i++) {
            ask(lookups, "a");
        }
        answers.release();
        for (int i = 0; i < 100; i++) {
            assertEquals("a FOUND a", next());
        }
        assertEquals(1, questions.get());
        // An answer is shared while it is waited for, and not kept.
        answers.release();
        ask(lookups, "a");
        assertEquals("a FOUND a", next());
        assertEquals(2, questions.get());
    }

    @Test
    void refusesAtOnceWhatWaitsBeyondTheLimit() throws InterruptedException {
        SharedLookups lookups = lookups(2, 3, NEVER_MS);
        for (int i = 0; i < 5; i++) {
            ask(lookups, "key" + i);
        }
        ask(lookups, "one too many");
        assertEquals("one too many UNAVAILABLE slow:x: too many lookups wait", next());
        assertEquals(2, lookups.threadCount());
        assertEquals(5, lookups.flightCount());
        answers.release(5);
        for (int i = 0; i < 5; i++) {
            assertTrue(next().contains(" FOUND key"));
        }
        answers.release();
        ask(lookups, "one too many");
        assertEquals("one too many FOUND one too many", next());
    }

    @Test
    void endsALookupThatHasHadItsTimeAndDropsTheLateAnswer() throws InterruptedException {
        long deadlineMs = 20;
        SharedLookups lookups = overdue(deadlineMs);
        // On a busy machine its thread may not have come to the first in time.
        while (!asked.contains(deadlineMs + ":a") && deadlineMs < 10_000) {
            deadlineMs *= 5;
            lookups = overdue(deadlineMs);
        }
        answers.release(2);
        // The second had not begun, and never will; the first is heard of no more.
        String later = deadlineMs + ":c";
        for (int i = 0; i < 1000 && !asked.contains(later); i++) {
            CountDownLatch idle = new CountDownLatch(1);
            lookups.start(later, answer -> idle.countDown());
            answers.release();
            assertTrue(idle.await(60, TimeUnit.SECONDS));
        }
        assertEquals(List.of(), List.copyOf(heard));
        String round = deadlineMs + ":";
        assertEquals(
                List.of(round + "a", later),
                asked.stream().filter(key -> key.startsWith(round)).distinct().toList());
        assertEquals(1, Collections.frequency(asked, round + "a"));
    }

    /** With two that have had their time, on one thread. */
    private SharedLookups overdue(long deadlineMs) throws InterruptedException {
        SharedLookups lookups = lookups(1, 10, deadlineMs);
        ask(lookups, deadlineMs + ":a");
        ask(lookups, deadlineMs + ":b");
        List<String> both = List.of(next(), next());
        String why = " UNAVAILABLE slow:x: no answer within " + deadlineMs / 1000 + " s";
        assertTrue(both.contains(deadlineMs + ":a" + why), both.toString());
        assertTrue(both.contains(deadlineMs + ":b" + why), both.toString());
        assertEquals(0, lookups.flightCount());
        return lookups;
    }

    @Test
    void takesAMistakeForNoAnswer() throws InterruptedException {
        SharedLookups lookups = lookups(1, 10, NEVER_MS);
        answers.release(2);
        ask(lookups, "broken");
        assertEquals("broken UNAVAILABLE slow:x: java.lang.IllegalStateException: broken", next());
        ask(lookups, "a");
        assertEquals("a FOUND a", next());
    }

    @Test
    void startsNoThreadForWhoMayBlock() {
        SharedLookups lookups = lookups(8, 10, NEVER_MS);
        answers.release();
        assertEquals("FOUND a", Inquiry.BLOCKING.ask(lookups, "a").toString());
        assertTrue(Inquiry.AT_ONCE.ask(lookups, "a").isNotYet());
        assertEquals(0, lookups.threadCount());
    }
}
