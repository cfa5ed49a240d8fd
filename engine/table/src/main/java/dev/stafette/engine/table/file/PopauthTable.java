// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.ListedTable;
import dev.stafette.engine.table.MapLine;
import dev.stafette.engine.table.MemoryTable;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * {@code popauth:file}: {@code OK} for a client that {@code stafette popauth add} has named, until its time is over. Without
 * the file there is no such client yet.
 * Thread: any.
 */
public final class PopauthTable implements ListedTable, MemoryTable {
    private static final TableAnswer OK = TableAnswer.found("OK");

    private final FileVersions<Optional<CdbFile>> versions;
    private final String name;
    private final LongSupplier epochMs;

    PopauthTable(FileVersions<Optional<CdbFile>> versions, String name, LongSupplier epochMs) {
        this.versions = versions;
        this.name = name;
        this.epochMs = epochMs;
    }

    public static Table open(TableSpec spec, TableHost host) {
        return open(spec, host, System::currentTimeMillis);
    }

    static Table open(TableSpec spec, TableHost host, LongSupplier epochMs) {
        Path file = host.file(spec.name());
        try {
            // In place, which only maps it: the client that has just logged in is seen by its first question.
            return new PopauthTable(
                    FileVersions.openAbsent(file, PopauthTable::read, host, Runnable::run, Optional.empty()),
                    spec.toString(),
                    epochMs);
        } catch (IOException e) {
            throw RuleSource.cannotOpen("open database", spec.name(), file, e);
        }
    }

    private static Optional<CdbFile> read(Path file) throws IOException {
        try {
            return Optional.ofNullable(PopauthFile.open(file));
        } catch (CdbFile.UnknownFormatException e) {
            throw new ConfigException("open database " + file + ": a file of another format"
                    + " (expected: one that \"stafette popauth\" made)");
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        try {
            Optional<CdbFile> rows = versions.current();
            String end = rows.isEmpty() ? null : rows.get().find(MapLine.fold(key), false);
            return end != null && PopauthFile.endS(end) > nowS() ? OK : TableAnswer.notFound();
        } catch (InternalError | IndexOutOfBoundsException e) {
            return TableAnswer.unavailable(name + ": the file was cut or is damaged");
        }
    }

    private long nowS() {
        return TimeUnit.MILLISECONDS.toSeconds(epochMs.getAsLong());
    }

    @Override
    public void forEach(RowConsumer consumer) {
        versions.current()
                .ifPresent(rows -> rows.forEach((address, end) -> {
                    if (PopauthFile.endS(end) > nowS()) {
                        consumer.onRow(address, OK.value());
                    }
                }));
    }

    @Override
    public boolean isFixedText() {
        return true;
    }
}
