// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.types.IndexBuild;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.IntFunction;

/**
 * A configuration of its own with {@code hash:} tables of many rows, which goes with the benchmark.
 * Thread: JMH's.
 */
final class TableDirectory implements AutoCloseable {
    private final Path path;
    private final Settings settings;
    private final TableHost host;
    private final OpenTables tables;

    private TableDirectory(Path path, Settings settings) {
        this.path = path;
        this.settings = settings;
        this.host =
                new TableHost(TableTypes::open, path, settings::expand, warning -> {}, System::nanoTime, Runnable::run);
        this.tables = new OpenTables(host);
    }

    /** {@code mainCf}: its lines; the host is mx.example. */
    static TableDirectory create(String mainCf) throws IOException {
        Path path = Files.createTempDirectory("bench");
        Files.writeString(path.resolve("main.cf"), "mydestination = mx.example\nmyhostname = mx.example\n" + mainCf);
        Files.writeString(path.resolve("master.cf"), "");
        return new TableDirectory(
                path, Configuration.read(path, new LocalHost()).settings());
    }

    Settings settings() {
        return settings;
    }

    OpenTables tables() {
        return tables;
    }

    /** Builds the table {@code hash:NAME}, before it is opened. */
    TableDirectory with(String name, int rows, IntFunction<String> key, IntFunction<String> value) throws IOException {
        try (IndexBuild build = IndexBuild.start(TableSpec.parse("hash:" + name), host)) {
            for (int i = 0; i < rows; i++) {
                build.put(key.apply(i), value.apply(i), false);
            }
            build.finish(null);
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        tables.close();
        try (var files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
