// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueueInboxTest {
    private static final int COMMANDS = 20_000;

    private final QueueInbox inbox = new QueueInbox();

    @Test
    void sleepsThroughFewerCommandsThanItSaid() {
        inbox.prepareSleep(3);
        inbox.offer(new QueueCommand.Abandoned(1));
        inbox.offer(new QueueCommand.Abandoned(2));
        assertFalse(inbox.isWorthWaking());
        inbox.offer(new QueueCommand.Abandoned(3));
        assertTrue(inbox.isWorthWaking());
    }

    @Test
    void wakesForWhatItSentToItself() {
        inbox.onAgentStarted();
        inbox.prepareSleep(3);
        inbox.offer(new QueueCommand.Abandoned(1));
        assertTrue(inbox.isWorthWaking());
    }

    @Test
    void losesNoWakeUpBetweenSendersAndAnAgentThatFallsAsleep() throws InterruptedException {
        AtomicInteger drained = new AtomicInteger();
        Thread agent = new Thread(() -> runAgent(drained));
        agent.start();
        for (int i = 0; i < COMMANDS; i++) {
            inbox.offer(new QueueCommand.Abandoned(i));
        }
        // Nothing but the sender wakes it: the sleep is longer than the test may take.
        agent.join();
        assertEquals(COMMANDS, drained.get());
    }

    private void runAgent(AtomicInteger drained) {
        inbox.onAgentStarted();
        while (drained.get() < COMMANDS) {
            if (inbox.drain(command -> drained.incrementAndGet(), 16) == 0) {
                inbox.prepareSleep(1);
                if (!inbox.isWorthWaking()) {
                    inbox.sleep(TimeUnit.HOURS.toNanos(1));
                }
                inbox.endSleep();
            }
        }
    }

    @Test
    void wakesAtOnceWhenSomethingElseIsReady() throws InterruptedException {
        CountDownLatch awake = new CountDownLatch(1);
        CountDownLatch falling = new CountDownLatch(1);
        Thread agent = new Thread(() -> {
            inbox.onAgentStarted();
            inbox.prepareSleep(1000);
            falling.countDown();
            inbox.sleep(TimeUnit.HOURS.toNanos(1));
            inbox.endSleep();
            awake.countDown();
        });
        agent.start();
        falling.await();
        inbox.wake();
        awake.await();
    }
}
