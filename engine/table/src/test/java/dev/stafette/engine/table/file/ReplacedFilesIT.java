// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.TestTables;
import dev.stafette.engine.table.types.IndexBuild;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose file another program keeps replacing, while sessions ask. */
class ReplacedFilesIT {
    private static final int REPLACEMENTS = 25;
    private static final long NOW_S = 1_000_000;

    @TempDir
    Path directory;

    /** Looks at the file at each question. */
    private TableHost host() {
        AtomicLong nowNs = new AtomicLong();
        return new TableHost(
                TableTypes::open,
                directory,
                text -> text,
                warning -> {
                    throw new AssertionError(warning);
                },
                () -> nowNs.addAndGet(FileVersions.CHECK_INTERVAL_MS * 1_000_000),
                Runnable::run);
    }

    private static void build(String spec, TableHost host, int round) {
        try (IndexBuild build = IndexBuild.start(TableSpec.parse(spec), host)) {
            for (int i = 0; i < 10 + round; i++) {
                build.put("k" + i, Integer.toString(round), false);
            }
            build.finish(null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each answer is that of a whole version, no version comes after a later one, and the last one is there at once. */
    @ParameterizedTest
    @ValueSource(strings = {"hash:t", "cdb:t"})
    void answersFromOneWholeVersionAfterTheOther(String spec) throws InterruptedException {
        TableHost host = host();
        build(spec, host, 0);
        Thread postmap = new Thread(() -> {
            for (int round = 1; round <= REPLACEMENTS; round++) {
                build(spec, host, round);
            }
        });
        try (Table table = host.open(spec)) {
            postmap.start();
            Set<Integer> seen = new HashSet<>();
            int last = 0;
            while (postmap.isAlive()) {
                int round = Integer.parseInt(TestTables.show(table.lookup("k9", Inquiry.AT_ONCE)));
                assertTrue(round >= last, round + " after " + last);
                seen.add(round);
                last = round;
            }
            postmap.join();
            assertEquals(Integer.toString(REPLACEMENTS), TestTables.show(table.lookup("k0", Inquiry.AT_ONCE)));
            assertTrue(seen.size() > 2, seen.toString());
        }
    }

    /** Otherwise a busy writer would keep out all that he writes. */
    @Test
    void takesAFileAlsoWhenTheNextGetsItsNameMeanwhile() throws IOException {
        Path file = Files.writeString(directory.resolve("f"), "0");
        int[] round = {0};
        FileVersions<String> versions = FileVersions.open(
                file,
                path -> {
                    String text = Files.readString(path);
                    Path next = Files.writeString(directory.resolve("next"), Integer.toString(++round[0]));
                    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
                    return text;
                },
                host(),
                Runnable::run);
        assertEquals("1", versions.current());
        assertEquals("2", versions.current());
    }

    @Test
    void findsAClientInEveryVersionOfPopauth() throws IOException, InterruptedException {
        PopauthFile file = new PopauthFile(directory.resolve("clients"));
        file.change(NOW_S, 100, ends -> {
            ends.put("192.0.2.1", NOW_S + 60);
            return true;
        });
        Thread logins = new Thread(() -> {
            for (int i = 0; i < REPLACEMENTS; i++) {
                String address = "10.0.0." + i;
                try {
                    file.change(NOW_S, 100, ends -> {
                        ends.put(address, NOW_S + 1000);
                        // He is among those who would end first, and must not go.
                        ends.put("192.0.2.1", NOW_S + 2000);
                        return true;
                    });
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try (Table table = PopauthTable.open(TableSpec.parse("popauth:clients"), host(), () -> NOW_S * 1000)) {
            logins.start();
            while (logins.isAlive()) {
                assertEquals("OK", TestTables.show(table.lookup("192.0.2.1", Inquiry.AT_ONCE)));
            }
            logins.join();
            assertEquals("OK", TestTables.show(table.lookup("10.0.0.24", Inquiry.AT_ONCE)));
        }
    }
}
