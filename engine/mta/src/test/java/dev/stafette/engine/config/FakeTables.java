// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.Patterns;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.SlowSource;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** Tables whose keys a test gives, with everything that they were asked. {@code mute:x} never answers. */
public final class FakeTables implements ListTables {
    /** Of such a one some defaults are. */
    private static final String STATIC = "static:";

    public final List<String> asked = new ArrayList<>();
    /** Questions to slow tables, to be answered in any order. */
    public final Queue<Runnable> lookups = new ArrayDeque<>();

    private final Map<String, Set<String>> tables = new HashMap<>();
    private final Set<String> mute = new HashSet<>(Set.of("mute:x"));
    private final Set<String> slow = new HashSet<>();
    private final Set<String> patterns = new HashSet<>();

    public FakeTables table(String spec, String... keys) {
        tables.put(spec, new HashSet<>(Arrays.asList(keys)));
        return this;
    }

    /** It answers when the test says so. */
    public FakeTables slow(String spec) {
        slow.add(spec);
        return this;
    }

    /** Its keys are no parts of one another. */
    public FakeTables patterns(String spec) {
        patterns.add(spec);
        return this;
    }

    public void mute(String spec, boolean isMute) {
        if (isMute) {
            mute.add(spec);
        } else {
            mute.remove(spec);
        }
    }

    @Override
    public Table open(String spec) {
        if (spec.startsWith(Patterns.UNREADABLE_TYPE + ":")) {
            mute.add(spec);
        }
        if (!tables.containsKey(spec) && !mute.contains(spec) && !spec.startsWith(STATIC)) {
            throw new ConfigException(spec + " (expected: a table that the test has)");
        }
        return new FakeTable(spec);
    }

    private TableAnswer answer(String spec, String key) {
        if (spec.startsWith(STATIC)) {
            return TableAnswer.found(spec.substring(STATIC.length()));
        }
        asked.add(key);
        if (mute.contains(spec)) {
            return TableAnswer.unavailable("mute");
        }
        return tables.getOrDefault(spec, Set.of()).contains(key) ? TableAnswer.found("1") : TableAnswer.notFound();
    }

    private final class FakeTable implements MemoryTable, SlowSource {
        private final String spec;

        FakeTable(String spec) {
            this.spec = spec;
        }

        @Override
        public TableAnswer lookup(String key, Inquiry inquiry) {
            return slow.contains(spec) ? inquiry.ask(this, key) : answer(key);
        }

        @Override
        public TableAnswer answer(String key) {
            return FakeTables.this.answer(spec, key);
        }

        @Override
        public void start(String key, Consumer<TableAnswer> listener) {
            lookups.add(() -> listener.accept(answer(key)));
        }

        @Override
        public boolean isFixedText() {
            return !patterns.contains(spec);
        }
    }
}
