// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.storage.format.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was acknowledged is there after the process is killed, after a power cut, and after a sync that fails.
 * {@code STAFETTE_CUTS} sets how many times; the default keeps the build short.
 */
class CrashIT {
    private static final int CUTS = Integer.parseInt(System.getenv().getOrDefault("STAFETTE_CUTS", "4"));

    /** EXT4_IOC_SHUTDOWN, with the flag that throws away what is not in the file system's log. */
    private static final String POWER_CUT = "import os,fcntl,struct,sys,time\n"
            + "fd=os.open(sys.argv[1],0)\nt=time.monotonic_ns()\n"
            + "fcntl.ioctl(fd,0x8004587d,struct.pack('I',2))\nprint(t)\n";

    @TempDir
    Path temporary;

    private final Random random = new Random(20261124);

    @AfterEach
    void unmount() throws Exception {
        if (Files.exists(temporary.resolve("mnt"))) {
            run("umount", "-l", temporary.resolve("mnt").toString());
        }
    }

    @Test
    void losesNothingWhenItIsKilled() throws Exception {
        TortureRun torture = new TortureRun(Files.createDirectory(temporary.resolve("spool")));
        for (int i = 0; i < CUTS; i++) {
            torture.round(random.nextLong(), 200 + random.nextInt(4000), "sync", List.of(), child -> {
                kill(child);
                return Long.MAX_VALUE - 1;
            });
            assertEquals(List.of(), torture.lost(), "round " + i);
        }
    }

    @Test
    void losesNothingWhenThePowerIsCut() throws Exception {
        Path mount = mountImage();
        TortureRun torture = new TortureRun(mount.resolve("spool"));
        for (int i = 0; i < CUTS; i++) {
            Files.createDirectories(mount.resolve("spool"));
            torture.round(random.nextLong(), 200 + random.nextInt(4000), "sync", List.of(), child -> cut(mount, child));
            remount(mount);
            assertEquals(List.of(), torture.lost(), "round " + i);
        }
    }

    @Test
    void noticesAMissingSync() throws Exception {
        Path mount = mountImage();
        boolean noticed = false;
        for (int i = 0; i < 5 && !noticed; i++) {
            Path spool = Files.createDirectories(mount.resolve("spool" + i));
            run("sync");
            TortureRun torture = new TortureRun(spool);
            torture.round(random.nextLong(), 3000, "nosync", List.of(), child -> cut(mount, child));
            remount(mount);
            try {
                noticed = !torture.lost().isEmpty();
            } catch (StorageException | AssertionError damaged) {
                noticed = true;
            }
        }
        assertEquals(true, noticed, "without syncs nothing was lost: the rig does not bite");
    }

    @Test
    void refusesWhatAFailingSyncDidNotTake() throws Exception {
        Programs.require("strace");
        Path spool = Files.createDirectory(temporary.resolve("spool"));
        List<String> strace = List.of(
                "strace",
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=fdatasync",
                "-e",
                "inject=fdatasync:error=EIO:when=8+9");
        TortureRun torture = new TortureRun(spool);
        for (int i = 0; i < 2; i++) {
            torture.round(random.nextLong(), 1000, "sync", strace, child -> {
                kill(child);
                return Long.MAX_VALUE - 1;
            });
            assertFalse(torture.refused().isEmpty(), "no sync failed");
            assertEquals(List.of(), torture.lost(), "round " + i);
            assertEquals(Set.of(), torture.resurrected(), "round " + i);
        }
    }

    private Path mountImage() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        Programs.require("python3");
        Programs.require("mkfs.ext4");
        Path image = temporary.resolve("disk.img");
        Path mount = Files.createDirectory(temporary.resolve("mnt"));
        boolean mounted = run("truncate", "-s", "512M", image.toString()) == 0
                && run("mkfs.ext4", "-q", "-m0", image.toString()) == 0
                && run("mount", "-o", "loop", image.toString(), mount.toString()) == 0;
        assumeTrue(mounted, "skipped: no loop device can be mounted here");
        return mount;
    }

    private void remount(Path mount) throws Exception {
        for (int i = 0; run("umount", mount.toString()) != 0; i++) {
            assertFalse(i > 600, "the file system stays busy");
            TimeUnit.MILLISECONDS.sleep(100);
        }
        String image = temporary.resolve("disk.img").toString();
        // Its loop device may still be on its way out.
        for (int i = 0; run("mount", "-o", "loop", image, mount.toString()) != 0; i++) {
            assertFalse(i > 600, "the file system cannot be mounted again");
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private long cut(Path mount, Process child) throws IOException, InterruptedException {
        Process python = new ProcessBuilder("python3", "-c", POWER_CUT, mount.toString()).start();
        String ns = new String(python.getInputStream().readAllBytes()).trim();
        assertEquals(0, python.waitFor());
        kill(child);
        return Long.parseLong(ns);
    }

    /** By its handle: the process itself would close the pipe with what the child has still said. */
    private static void kill(Process child) {
        List<ProcessHandle> all =
                Stream.concat(child.descendants(), Stream.of(child.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        // A process that was traced takes a moment to die, and has the queue's lock until then.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (all.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }
}
