// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.checks;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/** How keys begin, each with what is found then; slow where a test wants that. Thread: the test's. */
public final class RuleTable implements Table, SlowSource {
    public final List<String> asked = new ArrayList<>();
    /** Questions that wait for an answer. */
    public final Queue<Runnable> questions = new ArrayDeque<>();

    private final Map<String, String> rules = new LinkedHashMap<>();
    private boolean isSlow;

    /** Starts, each with a result behind it. */
    public RuleTable(String... rules) {
        for (int i = 0; i < rules.length; i += 2) {
            this.rules.put(rules[i], rules[i + 1]);
        }
    }

    public RuleTable slow() {
        isSlow = true;
        return this;
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return isSlow ? inquiry.ask(this, key) : answer(key);
    }

    @Override
    public TableAnswer answer(String key) {
        asked.add(key);
        for (Map.Entry<String, String> rule : rules.entrySet()) {
            if (key.startsWith(rule.getKey())) {
                String result = rule.getValue();
                return result.equals("unavailable")
                        ? TableAnswer.unavailable("of the test")
                        : TableAnswer.found(result);
            }
        }
        return TableAnswer.notFound();
    }

    @Override
    public void start(String key, Consumer<TableAnswer> listener) {
        questions.add(() -> listener.accept(answer(key)));
    }

    @Override
    public boolean isFixedText() {
        return false;
    }

    @Override
    public void close() {}
}
