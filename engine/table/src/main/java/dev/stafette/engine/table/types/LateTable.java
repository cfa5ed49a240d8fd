// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.types;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.TableThreads;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A table that could not be opened yet: its file is missing, or wrong. Until it can be, it answers that it is not available,
 * and mail waits for it.
 * Thread: any; it is opened on a thread of its own, or in place for those who may block.
 */
final class LateTable implements Table {
    /** Between two attempts, which are made when somebody asks. */
    private static final long RETRY_INTERVAL_NS = 1_000_000_000L;

    private final TableSpec spec;
    private final TableHost host;
    private final TableThreads opening;

    /** Set by whoever opens it, one thread at a time. */
    private final AtomicBoolean busy = new AtomicBoolean();

    // Written by the thread that has set busy, read by all.
    private volatile @Nullable Table table;
    private volatile String why;
    private volatile long nextAttemptNs;
    private volatile boolean closed;

    private LateTable(TableSpec spec, TableHost host, String why) {
        this.spec = spec;
        this.host = host;
        this.why = why;
        this.opening = new TableThreads(spec.toString(), 1, 1);
        this.nextAttemptNs = host.nanoTime() + RETRY_INTERVAL_NS;
    }

    /**
     * Opens the table, now or later; throws a ConfigException where waiting does not help: there is no such type, or what
     * is wrong stands in the configuration itself.
     */
    static Table open(TableSpec spec, TableHost host) {
        try {
            return host.open(spec);
        } catch (ConfigException e) {
            if (!TableTypes.NAMES.contains(spec.type()) || spec.isInline()) {
                throw e;
            }
            host.warn(spec + " is unavailable. " + e.getMessage());
            return new LateTable(spec, host, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        if (isDue() && busy.compareAndSet(false, true)) {
            // Another may have opened it between the question and the flag.
            if (!isDue()) {
                busy.set(false);
            } else if (inquiry.mayBlock()) {
                tryOpen();
            } else if (!opening.tryExecute(this::tryOpen)) {
                busy.set(false);
            }
        }
        Table opened = table;
        return opened == null ? TableAnswer.unavailable(why) : opened.lookup(key, inquiry);
    }

    private boolean isDue() {
        return table == null && host.nanoTime() - nextAttemptNs >= 0;
    }

    private void tryOpen() {
        try {
            Table opened = host.open(spec);
            table = opened;
            if (closed) {
                opened.close();
            }
        } catch (ConfigException e) {
            why = String.valueOf(e.getMessage());
        } finally {
            nextAttemptNs = host.nanoTime() + RETRY_INTERVAL_NS;
            busy.set(false);
        }
    }

    @Override
    public boolean isFixedText() {
        Table opened = table;
        return opened == null || opened.isFixedText();
    }

    @Override
    public void close() {
        closed = true;
        Table opened = table;
        if (opened != null) {
            opened.close();
        }
    }
}
