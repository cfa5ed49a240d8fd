// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stafette.delivery.DeliveryReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transport whose place another has taken ends what it began, and nothing of it stays open. */
class RetiredTransportIT {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    private static String hop(FakeSite site) {
        return "[127.0.0.1]:" + site.port();
    }

    private static CompletableFuture<Void> retire(Courier courier) {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        courier.transport.retire(() -> {
            if (!idle.complete(null)) {
                throw new IllegalStateException("told twice");
            }
        });
        return idle;
    }

    @Test
    void saysGoodbyeInIdleSessions() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        FakeSite site = opened(FakeSite.always("127.0.0.1", 0, wire -> {
            wire.serve("");
            left.countDown();
        }));
        Courier courier = opened(new Courier(Courier.impatient(Duration.ofSeconds(60)), Courier.routes()));
        Courier.await(courier.send(hop(site)));
        Courier.await(courier.send(hop(site)));
        assertEquals(1, site.connectionCount());
        retire(courier).get(60, TimeUnit.SECONDS);
        left.await(60, TimeUnit.SECONDS);
        assertEquals(0, left.getCount());
    }

    @Test
    void endsWhatIsUnderWayAndServesNobodyElseOnThatConnection() throws Exception {
        CountDownLatch inContent = new CountDownLatch(1);
        CountDownLatch retired = new CountDownLatch(1);
        FakeSite site = opened(FakeSite.always("127.0.0.1", 0, wire -> {
            wire.reply("220 mx.test");
            wire.readLine();
            wire.reply("250 mx.test");
            for (int i = 0; i < 2; i++) {
                wire.readLine();
                wire.reply("250 ok");
            }
            wire.expect("DATA");
            wire.reply("354 go");
            wire.readContent();
            inContent.countDown();
            await(retired);
            wire.reply("250 2.0.0 Ok");
            wire.expect("QUIT");
            wire.reply("221 2.0.0 Bye");
        }));
        Courier courier = opened(new Courier(Courier.settings(), Courier.routes()));
        courier.attemptsMax(1);
        CompletableFuture<DeliveryReport> first = courier.send(hop(site));
        CompletableFuture<DeliveryReport> inLine = courier.send(hop(site));
        await(inContent);
        CompletableFuture<Void> idle = retire(courier);
        assertFalse(idle.isDone());
        retired.countDown();
        for (CompletableFuture<DeliveryReport> answer : List.of(first, inLine)) {
            assertEquals(
                    "sent 2.0.0 250 2.0.0 Ok",
                    Courier.show(Courier.await(answer).outcomes()[0]));
        }
        idle.get(60, TimeUnit.SECONDS);
        assertEquals(2, site.connectionCount());
    }

    @Test
    void isIdleAtOnceWhenItHasDoneNothing() throws Exception {
        retire(opened(new Courier(Courier.settings(), Courier.routes()))).get(60, TimeUnit.SECONDS);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new FakeSite.Mismatch("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
