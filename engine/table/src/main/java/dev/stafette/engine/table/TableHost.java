// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table;

import dev.stafette.engine.config.syntax.LentFiles;
import dev.stafette.engine.config.syntax.PortNames;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * What a table may use of the process it is in; opens tables.
 * Thread: any.
 */
public final class TableHost {
    private final TableOpener opener;
    private final Path directory;
    private final LentFiles lent;
    private final PortNames ports;
    private final UnaryOperator<String> expansion;
    private final Consumer<String> warnings;
    private final LongSupplier nanoClock;
    private final Executor workers;
    private final boolean foldsKeys;
    private final LookupClock lookupClock;

    /** Those that {@code proxy:} shares. Guarded by itself; taken when tables are opened or closed only. */
    private final Map<String, SharedTable> shared;

    /**
     * @param opener knows the types of tables
     * @param directory where names of files that are not absolute start
     * @param expansion {@code $name} of main.cf to its value; throws a ConfigException where the syntax is wrong
     * @param warnings what was wrong with a table, for the log
     * @param workers where files that have changed are read again; {@code Runnable::run} in a command
     */
    public TableHost(
            TableOpener opener,
            Path directory,
            UnaryOperator<String> expansion,
            Consumer<String> warnings,
            LongSupplier nanoClock,
            Executor workers) {
        this(
                opener,
                directory,
                LentFiles.NONE,
                PortNames.NONE,
                expansion,
                warnings,
                nanoClock,
                workers,
                true,
                new LookupClock(),
                new HashMap<>());
    }

    private TableHost(
            TableOpener opener,
            Path directory,
            LentFiles lent,
            PortNames ports,
            UnaryOperator<String> expansion,
            Consumer<String> warnings,
            LongSupplier nanoClock,
            Executor workers,
            boolean foldsKeys,
            LookupClock lookupClock,
            Map<String, SharedTable> shared) {
        this.opener = opener;
        this.directory = directory;
        this.lent = lent;
        this.ports = ports;
        this.expansion = expansion;
        this.warnings = warnings;
        this.nanoClock = nanoClock;
        this.workers = workers;
        this.foldsKeys = foldsKeys;
        this.lookupClock = lookupClock;
        this.shared = shared;
    }

    /** The same, for tables that take keys as they are: {@code postmap -f}. */
    public TableHost withoutFolding() {
        return new TableHost(
                opener, directory, lent, ports, expansion, warnings, nanoClock, workers, false, lookupClock, shared);
    }

    /** The same, with files that root has lent. */
    public TableHost with(LentFiles files) {
        return new TableHost(
                opener,
                directory,
                files,
                ports,
                expansion,
                warnings,
                nanoClock,
                workers,
                foldsKeys,
                lookupClock,
                shared);
    }

    /** The same, where ports have names. */
    public TableHost with(PortNames named) {
        return new TableHost(
                opener,
                directory,
                lent,
                named,
                expansion,
                warnings,
                nanoClock,
                workers,
                foldsKeys,
                lookupClock,
                shared);
    }

    /** Opens what {@code type:name} says; throws a ConfigException where that cannot be. May read files. */
    public Table open(String spec) {
        return open(TableSpec.parse(spec));
    }

    public Table open(TableSpec spec) {
        return opener.open(spec, this);
    }

    /** A file that a table names; or the copy that root has lent of it. */
    public Path file(String name) {
        return lent.place(directory.resolve(name));
    }

    /** {@code $name} in a table's own settings; a ConfigException says what is wrong with the text. */
    public String expand(String text) {
        return expansion.apply(text);
    }

    /** Those that tables may call by name. */
    public PortNames ports() {
        return ports;
    }

    public void warn(String text) {
        warnings.accept(text);
    }

    public long nanoTime() {
        return nanoClock.getAsLong();
    }

    public Executor workers() {
        return workers;
    }

    /** Whether tables of fixed text fold keys to lower case. */
    public boolean foldsKeys() {
        return foldsKeys;
    }

    LookupClock lookupClock() {
        return lookupClock;
    }

    Map<String, SharedTable> shared() {
        return shared;
    }
}
