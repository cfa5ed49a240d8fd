// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.codec.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue on 64 MB with the sizes that are the default there: many times that goes through, and the rest stays. */
@Timeout(300)
class SmallDiskIT {
    private static final int MESSAGE_BYTES = 20_000;

    /** Of so many messages one stays for good, so that segments are never empty: compaction must make room. */
    private static final int STRAGGLER = 100;

    private static final int ROUNDS = 3;

    /** In each round, after which the process starts again. */
    private static final int MESSAGES = 2_000;

    /** In the queue at a time, besides those that stay. */
    private static final int WAITING_MAX = 200;

    @TempDir
    Path temporary;

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", temporary.resolve("small").toString());
    }

    private Path mount(String type) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        Path mount = Files.createDirectory(temporary.resolve("small"));
        String notHere = "skipped: no " + type + " can be mounted here";
        if (type.equals("tmpfs")) {
            assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", mount.toString()) == 0, notHere);
        } else {
            Programs.require("mkfs.ext4");
            String image = temporary.resolve("image").toString();
            assumeTrue(run("truncate", "-s", "64M", image) == 0 && run("mkfs.ext4", "-q", image) == 0, notHere);
            assumeTrue(run("mount", "-o", "loop", image, mount.toString()) == 0, notHere);
        }
        return mount;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "ext4"})
    void takesManyTimesItsSize(String type) throws Exception {
        Path directory = mount(type);
        // The sizes that main.cf gets by default there, and Postfix's message_size_limit.
        StorageSettings settings = new StorageSettings(
                directory, 4 << 20, 8 << 20, StorageSettings.JOURNAL_RESERVE_BYTES, 4 << 20, 15_360_000);
        TreeSet<Long> staying = new TreeSet<>();
        long id = 0;
        for (int round = 0; round < ROUNDS; round++) {
            try (SpoolDriver spool = SpoolDriver.open(settings)) {
                assertEquals(staying, new TreeSet<>(spool.liveIds()));
                assertFalse(spool.spool().isShortOfSpace());
                id = round(spool, id, staying);
                spool.verifyAll();
            }
        }
        assertEquals(ROUNDS * MESSAGES / STRAGGLER, staying.size());
        try (SpoolDriver spool = SpoolDriver.open(settings)) {
            assertEquals(staying, new TreeSet<>(spool.liveIds()));
            spool.verifyAll();
            assertEquals(List.of(), spool.quarantined());
        }
    }

    private static long round(SpoolDriver spool, long firstId, TreeSet<Long> staying) throws Exception {
        long id = firstId;
        Deque<Long> waiting = new ArrayDeque<>();
        for (int i = 0; i < MESSAGES; i++) {
            id++;
            accept(spool, id);
            if (id % STRAGGLER == 0) {
                staying.add(id);
            } else {
                waiting.add(id);
            }
            if (waiting.size() > WAITING_MAX) {
                spool.settle();
                while (waiting.size() > WAITING_MAX / 2) {
                    spool.remove(waiting.remove());
                }
                spool.tidyAll();
            }
        }
        spool.settle();
        waiting.forEach(spool::remove);
        spool.tidyAll();
        return id;
    }

    /** What is refused for a moment, while segments are emptied or made ready, is taken then. */
    private static void accept(SpoolDriver spool, long id) throws InterruptedException {
        for (int i = 0; i < 2_000; i++) {
            if (!spool.spool().isShortOfSpace() && spool.accept(id, MESSAGE_BYTES)) {
                return;
            }
            spool.settle();
            spool.tidyAll();
            TimeUnit.MILLISECONDS.sleep(5);
        }
        fail("message " + id + " found no room");
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
