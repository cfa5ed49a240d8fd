// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.types;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TestTables;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables of lists that do not answer, and those that are opened later. */
@Timeout(120)
class OpenTablesTest {
    private final List<String> warnings = new ArrayList<>();
    private final AtomicLong nowNs = new AtomicLong();

    /** What opens as {@code hash:t}. */
    private Supplier<Table> opening = () -> {
        throw new ConfigException("not there");
    };

    private final OpenTables tables = new OpenTables(new TableHost(
            (spec, host) -> opening.get(),
            Path.of("/nonexistent"),
            text -> text,
            warnings::add,
            nowNs::get,
            Runnable::run));

    private final Queue<Runnable> asked = new ArrayDeque<>();
    private TableAnswer answer = TableAnswer.notFound();

    /** Says what the test has set, at once or when it lets it. */
    private final class ScriptedTable implements MemoryTable, SlowSource {
        private final boolean isSlow;

        ScriptedTable(boolean isSlow) {
            this.isSlow = isSlow;
        }

        @Override
        public TableAnswer lookup(String key, Inquiry inquiry) {
            return isSlow ? inquiry.ask(this, key) : answer;
        }

        @Override
        public TableAnswer answer(String key) {
            return answer;
        }

        @Override
        public void start(String key, Consumer<TableAnswer> listener) {
            asked.add(() -> listener.accept(answer));
        }

        @Override
        public boolean isFixedText() {
            return true;
        }
    }

    private static String ask(Table table) {
        return TestTables.show(table.lookup("k", Inquiry.BLOCKING));
    }

    private void passSeconds(long seconds) {
        nowNs.addAndGet(seconds * 1_000_000_000L);
    }

    @Test
    void saysOnceThatATableIsSilentAndThatItAnswersAgain() {
        opening = () -> new ScriptedTable(false);
        Table table = tables.open("hash:t");
        answer = TableAnswer.unavailable("down");
        ask(table);
        ask(table);
        answer = TableAnswer.found("x");
        ask(table);
        ask(table);
        assertEquals(List.of("hash:t lookup error for \"k\": down", "hash:t answers again"), warnings);
    }

    /** A server with too much to do answers one and refuses the other. */
    @Test
    void doesNotFillTheLogWhenATableAnswersNowAndThen() {
        opening = () -> new ScriptedTable(false);
        Table table = tables.open("hash:t");
        for (int i = 0; i < 1000; i++) {
            answer = i % 2 == 0 ? TableAnswer.unavailable("too many lookups wait") : TableAnswer.found("x");
            ask(table);
        }
        assertEquals(2, warnings.size());
        passSeconds(10);
        answer = TableAnswer.unavailable("too many lookups wait");
        ask(table);
        assertEquals(3, warnings.size());
    }

    /** That it is being asked is no fault of a table. */
    @Test
    void saysNothingOfATableThatTakesItsTime() {
        opening = () -> new ScriptedTable(true);
        Table table = tables.open("hash:t");
        assertTrue(table.lookup("k", Inquiry.AT_ONCE).isNotYet());
        var inquirer = new Inquirer(Runnable::run, nowNs::get);
        var inquiry = inquirer.begin();
        assertTrue(table.lookup("k", inquiry).isNotYet());
        List<String> judged = new ArrayList<>();
        inquirer.await(inquiry, again -> TestTables.show(table.lookup("k", again)), judged::add, mistake -> {
            throw mistake;
        });
        answer = TableAnswer.found("x");
        asked.remove().run();
        assertEquals(List.of("x"), judged);
        assertEquals(List.of(), warnings);
    }

    @Test
    void opensATableLaterWhereTheCallerMayBlock() {
        Table table = tables.open("hash:t");
        assertEquals("?not there", ask(table));
        answer = TableAnswer.found("x");
        opening = () -> new ScriptedTable(false);
        assertEquals("?not there", ask(table));
        passSeconds(1);
        assertEquals("x", ask(table));
    }

    /** An event loop asks: the file system may hang, and the loop may not. */
    @Test
    void opensATableOnAThreadOfItsOwnWhereTheCallerMayNotBlock() throws InterruptedException {
        Table table = tables.open("hash:t");
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        List<Thread> openers = new ArrayList<>();
        answer = TableAnswer.found("x");
        opening = () -> {
            openers.add(Thread.currentThread());
            begun.countDown();
            try {
                mayEnd.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new ScriptedTable(false);
        };
        passSeconds(1);
        assertEquals("?not there", TestTables.show(table.lookup("k", Inquiry.AT_ONCE)));
        assertTrue(begun.await(60, TimeUnit.SECONDS));
        assertEquals("?not there", TestTables.show(table.lookup("k", Inquiry.AT_ONCE)));
        mayEnd.countDown();
        while (!TestTables.show(table.lookup("k", Inquiry.AT_ONCE)).equals("x")) {
            Thread.onSpinWait();
        }
        assertTrue(openers.size() == 1 && openers.get(0) != caller);
    }
}
