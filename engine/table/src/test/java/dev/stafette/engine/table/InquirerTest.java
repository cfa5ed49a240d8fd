// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Judgements on a thread that must not wait, beside a table that answers when the test says so. */
class InquirerTest {
    private final AtomicLong nowNs = new AtomicLong();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Inquirer inquirer = new Inquirer(tasks::add, nowNs::get);
    private final Map<String, Consumer<TableAnswer>> asked = new LinkedHashMap<>();
    private final List<String> judged = new ArrayList<>();

    private final SlowSource slow = new SlowSource() {
        @Override
        public TableAnswer answer(String key) {
            throw new AssertionError("blocks");
        }

        @Override
        public void start(String key, Consumer<TableAnswer> listener) {
            asked.put(key, listener);
        }
    };

    private int runCount;

    /** As a session does it. */
    private void judge(Function<Inquiry, String> question) {
        PatientInquiry inquiry = inquirer.begin();
        String found = question.apply(inquiry);
        if (inquiry.isWaiting()) {
            inquirer.await(inquiry, question, judged::add, mistake -> judged.add(mistake.getMessage()));
        } else {
            judged.add(found);
        }
    }

    private void answer(String key, TableAnswer answer) {
        Consumer<TableAnswer> listener = asked.remove(key);
        if (listener == null) {
            throw new AssertionError("nobody has asked for " + key);
        }
        listener.accept(answer);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private String chain(Inquiry inquiry) {
        runCount++;
        TableAnswer first = inquiry.ask(slow, "a");
        return first.isFound() ? "then " + inquiry.ask(slow, first.value()) : "first " + first;
    }

    @Test
    void judgesAgainUntilNoAnswerIsMissing() {
        judge(this::chain);
        assertEquals(List.of("a"), List.copyOf(asked.keySet()));
        answer("a", TableAnswer.found("b"));
        assertEquals(List.of("b"), List.copyOf(asked.keySet()));
        assertEquals(List.of(), judged);
        answer("b", TableAnswer.found("c"));
        assertEquals(List.of("then FOUND c"), judged);
        assertEquals(3, runCount);
    }

    @Test
    void takesWhatIsReallyUnavailableForAnAnswer() {
        judge(this::chain);
        answer("a", TableAnswer.unavailable("down"));
        assertEquals(List.of("first UNAVAILABLE down"), judged);
    }

    @Test
    void waitsForAllThatItHasAskedFor() {
        judge(inquiry -> inquiry.ask(slow, "a") + " and " + inquiry.ask(slow, "b"));
        answer("b", TableAnswer.found("2"));
        assertEquals(List.of(), judged);
        answer("a", TableAnswer.found("1"));
        assertEquals(List.of("FOUND 1 and FOUND 2"), judged);
    }

    @Test
    void goesOnWithOthersWhileOneWaits() {
        judge(this::chain);
        for (int i = 0; i < 100; i++) {
            judge(inquiry -> "quick");
        }
        judge(inquiry -> "slow too " + inquiry.ask(slow, "z").finding());
        assertEquals(100, judged.size());
        answer("z", TableAnswer.notFound());
        answer("a", TableAnswer.notFound());
        assertEquals(List.of("slow too NOT_FOUND", "first NOT_FOUND"), judged.subList(100, 102));
    }

    @Test
    void asksNoMoreThanTheLimit() {
        Function<Inquiry, String> endless = inquiry -> {
            int i = 0;
            while (inquiry.ask(slow, "key" + i).isFound()) {
                i++;
            }
            return i + " " + inquiry.ask(slow, "key" + i).why();
        };
        judge(endless);
        while (!asked.isEmpty()) {
            answer(asked.keySet().iterator().next(), TableAnswer.found(""));
        }
        assertEquals(List.of("1000 more than 1000 lookups for one decision"), judged);
    }

    @Test
    void asksNoMoreWhenItHasTakenTooLong() {
        judge(this::chain);
        nowNs.addAndGet(PatientInquiry.ASKING_NS_MAX + 1);
        answer("a", TableAnswer.found("b"));
        assertEquals(List.of("then UNAVAILABLE other lookups have taken too long"), judged);
        assertTrue(asked.isEmpty());
    }

    @Test
    void passesOnAMistakeOfALaterRun() {
        judge(inquiry -> {
            if (inquiry.ask(slow, "a").isFound()) {
                throw new IllegalStateException("oops");
            }
            return "";
        });
        answer("a", TableAnswer.found(""));
        assertEquals(List.of("oops"), judged);
    }

    @Test
    void drawsTheSameUntilTheJudgementEnds() {
        TestTables tables = new TestTables();
        Table random = tables.open("randmap:{a,b,c,d,e,f,g,h}");
        List<String> drawn = new ArrayList<>();
        Function<Inquiry, String> question = inquiry -> {
            drawn.add(random.lookup("k", inquiry).value());
            return inquiry.ask(slow, drawn.get(drawn.size() - 1)).toString();
        };
        boolean differed = false;
        for (int i = 0; i < 100; i++) {
            judge(question);
            String first = drawn.get(drawn.size() - 1);
            answer(first, TableAnswer.notFound());
            assertEquals(first, drawn.get(drawn.size() - 1));
            differed |= !first.equals(drawn.get(0));
        }
        assertTrue(differed);
    }

    /** The way of every RCPT where no table is slow. */
    @Test
    void makesNoGarbageWhereNobodyIsAskedForLong() {
        Table table = new TestTables().open("inline:{a.test=x}");
        assertEquals(1_000_000, countFound(table, 1_000_000));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(id);
        countFound(table, 100_000);
        long bytes = threads.getThreadAllocatedBytes(id) - before;
        // What the measurement itself costs, and the JVM at its own work on this thread.
        assertTrue(bytes < 10_000, bytes + " bytes for 100,000 lookups");
    }

    private int countFound(Table table, int count) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            PatientInquiry inquiry = inquirer.begin();
            if (table.lookup("a.test", inquiry).isFound() && !inquiry.isWaiting()) {
                found++;
            }
            if (table.lookup("b.test", inquiry).isFound() || inquiry.isWaiting()) {
                return -1;
            }
        }
        return found;
    }

    @Test
    void usesOneInquiryUntilItHasAsked() {
        PatientInquiry first = inquirer.begin();
        assertSame(first, inquirer.begin());
        assertTrue(first.ask(slow, "a").isNotYet());
        PatientInquiry next = inquirer.begin();
        assertNotSame(first, next);
        assertFalse(next.isWaiting());
    }
}
