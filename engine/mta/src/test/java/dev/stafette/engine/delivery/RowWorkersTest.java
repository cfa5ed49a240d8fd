// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class RowWorkersTest {
    private final Queue<Runnable> given = new ArrayDeque<>();
    private final List<Integer> done = new ArrayList<>();

    private static Executor of(Executor workers, String mainCf, String maxproc) {
        Configuration configuration = new FakeHost("mx.b.test")
                .configuration(mainCf, "any unix - n n - " + maxproc + " pipe user=nobody argv=/bin/false\n");
        return RowWorkers.of(workers, configuration.services().get(0), configuration.settings());
    }

    private void giveAll(Executor workers, int count) {
        for (int i = 0; i < count; i++) {
            int number = i;
            workers.execute(() -> done.add(number));
        }
    }

    @Test
    void giveNoMoreAtATimeThanTheRowSays() {
        giveAll(of(given::add, "", "2"), 5);
        assertEquals(2, given.size());
        for (int i = 0; i < 5; i++) {
            given.remove().run();
            assertEquals(i < 3 ? 2 : 4 - i, given.size());
        }
        assertEquals(List.of(0, 1, 2, 3, 4), done);
    }

    @Test
    void goByTheDefaultLimitWhereTheRowSaysNothing() {
        giveAll(of(given::add, "default_process_limit = 3\n", "-"), 5);
        assertEquals(3, given.size());
    }

    @Test
    void haveNoLimitWhereItIsZero() {
        Executor workers = given::add;
        assertSame(workers, of(workers, "", "0"));
    }

    @Test
    void goOnAfterAMistake() {
        Executor workers = of(given::add, "", "1");
        workers.execute(() -> {
            throw new IllegalStateException("a mistake");
        });
        giveAll(workers, 1);
        assertThrows(IllegalStateException.class, () -> given.remove().run());
        given.remove().run();
        assertEquals(List.of(0), done);
    }
}
