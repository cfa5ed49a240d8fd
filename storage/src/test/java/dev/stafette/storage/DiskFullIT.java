// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.storage.format.RecipientState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file system that runs full: mail is refused in time, outcomes are still journaled, and space comes back. */
class DiskFullIT {
    @TempDir
    Path temporary;

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", temporary.resolve("small").toString());
    }

    @Test
    void refusesMailButRecordsOutcomesAndRecovers() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        Path mount = Files.createDirectory(temporary.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mount.toString()) == 0,
                "skipped: no file system can be mounted here");
        StorageSettings settings = new StorageSettings(mount, 1 << 20, 256L << 20, 2 << 20, 4 << 20, 2 << 20);
        List<Long> accepted = new ArrayList<>();
        try (SpoolDriver spool = SpoolDriver.open(settings)) {
            fill(spool, accepted);
            assertTrue(accepted.size() > 100, "accepted only " + accepted.size());
            assertTrue(spool.spool().isShortOfSpace(), "it does not say that space is short");
        }
        fillUp(mount.resolve("someone-else"));
        try (SpoolDriver spool = SpoolDriver.open(settings)) {
            assertEquals(accepted.size(), spool.liveCount(), "a start on a full disk");
            assertTrue(spool.spool().isShortOfSpace());
            deferOften(spool, accepted.get(0));
            for (long id : accepted.subList(0, accepted.size() - 10)) {
                assertTrue(spool.spool().canRecordOutcomes(), "no room for an outcome");
                spool.remove(id);
                spool.poll();
            }
            spool.settle();
            assertEquals(10, spool.liveCount());
            Files.delete(mount.resolve("someone-else"));
            awaitSpace(spool);
            assertTrue(spool.accept(1_000_000, 1000));
            spool.settle();
        }
        try (SpoolDriver spool = SpoolDriver.open(settings)) {
            assertEquals(11, spool.liveCount());
            spool.verifyAll();
        }
    }

    private static void fill(SpoolDriver spool, List<Long> accepted) {
        int refused = 0;
        for (long id = 1; refused < 200 && id < 100_000; id++) {
            if (spool.accept(id, 20_000)) {
                accepted.add(id);
            } else {
                refused++;
            }
            spool.settle();
        }
        assertTrue(refused > 0, "the disk never ran full");
    }

    /** A site that is down must not use up, retry by retry, the room that final outcomes need. */
    private static void deferOften(SpoolDriver spool, long id) {
        for (int i = 1; i <= 50_000; i++) {
            spool.spool()
                    .attempted(
                            id,
                            0,
                            new RecipientState(
                                    RecipientState.Kind.DEFERRED, i, 0, 0, "connect: connection refused", "b.test"));
            spool.poll();
        }
    }

    /** Somebody else takes what is left of the disk. */
    private static void fillUp(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            while (true) {
                channel.write(block.clear());
            }
        } catch (IOException full) {
            assertTrue(Files.size(file) >= 0);
        }
    }

    private static void awaitSpace(SpoolDriver spool) throws InterruptedException {
        for (int i = 0; i < 6000 && spool.spool().isShortOfSpace(); i++) {
            spool.poll();
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
