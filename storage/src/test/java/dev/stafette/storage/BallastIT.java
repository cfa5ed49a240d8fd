// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.format.DiskTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BallastIT {
    private static final long BYTES = 3 << 20;

    @TempDir
    private Path spool;

    private final ArrayDeque<DiskTasks.Task> tasks = new ArrayDeque<>();

    private Path file() {
        return spool.resolve("ballast");
    }

    private void runTask() throws IOException {
        tasks.remove().run().run();
    }

    @Test
    void isFilledByTheDisksThreadAndOnce() throws Exception {
        Ballast ballast = Ballast.open(spool, BYTES);
        ballast.restore(tasks::add);
        ballast.restore(tasks::add);
        assertFalse(Files.exists(file()));
        assertEquals(1, tasks.size());
        runTask();
        assertEquals(BYTES, Files.size(file()));
        ballast.restore(tasks::add);
        assertEquals(0, tasks.size());
        assertTrue(ballast.release());
        assertFalse(Files.exists(file()));
        assertFalse(ballast.release());
    }

    @Test
    void isNotFilledAnyMoreWhenItIsGivenUpMeanwhile() throws Exception {
        Ballast ballast = Ballast.open(spool, BYTES);
        ballast.restore(tasks::add);
        ballast.release();
        runTask();
        assertEquals(0, Files.exists(file()) ? Files.size(file()) : 0);
        ballast.restore(tasks::add);
        while (!tasks.isEmpty()) {
            runTask();
        }
        ballast.release();
        ballast.restore(tasks::add);
        runTask();
        assertEquals(BYTES, Files.size(file()));
    }
}
