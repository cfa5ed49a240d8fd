// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.types.IndexBuild;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a lookup costs: in an indexed table of so many rows, by keys in no order, and in a table of 10,000 patterns none
 * of which matches.
 * Thread: JMH's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init")
public class TableBenchmark {
    private static final int KEYS = 1 << 16;
    private static final int PATTERNS = 10_000;

    private static TableHost host(Path directory) {
        return new TableHost(
                TableTypes::open,
                directory,
                text -> text,
                warning -> {
                    throw new IllegalStateException(warning);
                },
                System::nanoTime,
                Runnable::run);
    }

    /** A table of addresses, and keys of which every other one is in it. */
    @State(Scope.Benchmark)
    public static class Indexed {
        @Param({"1000", "10000000"})
        public int rows;

        private final String[] keys = new String[KEYS];
        private Path directory;
        private Table table;
        private int next;

        @Setup
        public void build() throws IOException {
            directory = Files.createTempDirectory("bench");
            TableSpec spec = TableSpec.parse("hash:virtual");
            try (IndexBuild build = IndexBuild.start(spec, host(directory))) {
                for (int i = 0; i < rows; i++) {
                    build.put("user" + i + "@example.com", "mailbox" + i + "@store.example.com", false);
                }
                build.finish(null);
            }
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < KEYS; i++) {
                keys[i] = "user" + random.nextInt(rows) + ((i & 1) == 0 ? "@example.com" : "@example.org");
            }
            table = host(directory).open(spec);
        }

        @TearDown
        public void delete() throws IOException {
            table.close();
            Files.delete(directory.resolve("virtual.db"));
            Files.delete(directory);
        }

        TableAnswer lookup() {
            return table.lookup(keys[next++ & KEYS - 1], Inquiry.BLOCKING);
        }
    }

    /** Domains that are refused, as such tables have them. */
    @State(Scope.Benchmark)
    public static class Patterns {
        @Param({"regexp", "pcre"})
        public String type;

        @Param({"anchored", "anywhere"})
        public String pattern;

        private Path directory;
        private Table table;

        @Setup
        public void write() throws IOException {
            directory = Files.createTempDirectory("bench");
            StringBuilder rules = new StringBuilder();
            for (int i = 0; i < PATTERNS; i++) {
                rules.append(pattern.equals("anchored") ? "/^" : "/")
                        .append("user")
                        .append(i);
                rules.append("@(.*\\.)?bad").append(i).append("\\.example$/ REJECT\n");
            }
            Files.writeString(directory.resolve("rules"), rules);
            table = host(directory).open(type + ":rules");
        }

        @TearDown
        public void delete() throws IOException {
            table.close();
            Files.delete(directory.resolve("rules"));
            Files.delete(directory);
        }
    }

    @Benchmark
    public TableAnswer indexed(Indexed indexed) {
        return indexed.lookup();
    }

    @Benchmark
    public TableAnswer patterns(Patterns patterns) {
        return patterns.table.lookup("somebody.or.other@mail.example.com", Inquiry.BLOCKING);
    }
}
