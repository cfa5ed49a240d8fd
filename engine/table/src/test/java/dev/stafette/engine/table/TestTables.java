// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.table.types.TableTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Opens tables at a time that the test sets, and keeps their warnings. */
public final class TestTables {
    public final List<String> warnings = new ArrayList<>();
    private final AtomicLong nowNs = new AtomicLong();
    private final TableHost host;

    public TestTables() {
        this(Path.of("/nonexistent"));
    }

    public TestTables(Path directory) {
        host = new TableHost(TableTypes::open, directory, text -> text, warnings::add, nowNs::get, Runnable::run);
    }

    /** For tables whose time goes on by itself. */
    public static TableHost realTimeHost() {
        return new TableHost(
                TableTypes::open,
                Path.of("/nonexistent"),
                text -> text,
                warning -> {},
                System::nanoTime,
                Runnable::run);
    }

    public TableHost host() {
        return host;
    }

    public Table open(String spec) {
        return host.open(spec);
    }

    /** What a table says, as one word. */
    public String ask(String spec, String key) {
        try (Table table = open(spec)) {
            return show(table.lookup(key, Inquiry.BLOCKING));
        }
    }

    public static String show(TableAnswer answer) {
        return switch (answer.finding()) {
            case FOUND -> answer.value();
            case NOT_FOUND -> "-";
            case UNAVAILABLE -> "?" + answer.why();
        };
    }

    public void passMs(long ms) {
        nowNs.addAndGet(ms * 1_000_000);
    }
}
