// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs {@link SpoolTorture} in a child JVM again and again over one spool, and checks what is left after each end. */
final class TortureRun {
    private final Path directory;
    private final Set<Long> offered = new HashSet<>();
    private final Set<Long> acknowledged = new HashSet<>();
    private final Set<Long> mayBeGone = new HashSet<>();
    private final Set<Long> refused = new HashSet<>();
    private final Set<Long> resurrected = new HashSet<>();
    private final List<Process> children = new ArrayList<>();
    private long lastSeen;
    private int lines;

    TortureRun(Path directory) {
        this.directory = directory;
    }

    /** Something that ends the child; it returns the time of CLOCK_MONOTONIC behind which acknowledgements do not count. */
    interface End {
        long end(Process child) throws Exception;
    }

    /** Lets a child run for some acknowledgements and then ends it. */
    void round(long seed, int acknowledgements, String sync, List<String> wrapper, End how) throws Exception {
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-ea",
                "-Dchronicle.analytics.disable=true",
                "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                SpoolTorture.class.getName(),
                directory.toString(),
                sync,
                Long.toString(seed),
                Long.toString(lastSeen + 1)));
        Process child = new ProcessBuilder(command)
                .redirectError(
                        ProcessBuilder.Redirect.appendTo(Path.of(System.getProperty("java.io.tmpdir"), "torture.err")
                                .toFile()))
                .start();
        children.add(child);
        lines = 0;
        long cutNs = Long.MAX_VALUE;
        List<long[]> acks = new ArrayList<>();
        try (BufferedReader reader = child.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                note(line, acks);
                if (acks.size() >= acknowledgements && cutNs == Long.MAX_VALUE) {
                    cutNs = how.end(child);
                }
            }
        } catch (IOException killed) {
            // The pipe may break in the middle of a line.
        }
        assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the child does not end");
        for (long[] ack : acks) {
            if (ack[1] < cutNs) {
                acknowledged.add(ack[0]);
            }
        }
        assertTrue(acks.size() >= acknowledgements, "only " + acks.size() + " acknowledgements; see torture.err");
    }

    private void note(String line, List<long[]> acks) {
        String[] words = line.split(" ");
        lines++;
        switch (words[0]) {
            case "O" -> {
                lastSeen = Long.parseLong(words[1]);
                offered.add(lastSeen);
            }
            case "A" -> {
                if (words.length == 3) {
                    acks.add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])});
                }
            }
            case "R" -> mayBeGone.add(Long.parseLong(words[1]));
            case "F" -> refused.add(Long.parseLong(words[1]));
            default -> {}
        }
    }

    /** Acknowledged messages that are not there, or not whole. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        StorageSettings settings = new StorageSettings(directory, 1 << 20, 128 << 10, 2 << 20, 1 << 20, 0);
        try (SpoolDriver spool = SpoolDriver.open(settings)) {
            for (long id : acknowledged) {
                LiveMessage message = spool.live(id);
                String flaw = message == null ? "gone" : flaw(spool, id, message);
                if (!flaw.isEmpty() && !(message == null && mayBeGone.contains(id))) {
                    lost.add(id + ": " + flaw);
                }
            }
            for (long id : spool.liveIds()) {
                assertTrue(id <= lastSeen + 100, "a message that was never offered: " + id);
                if (refused.contains(id)) {
                    resurrected.add(id);
                }
            }
            assertTrue(spool.quarantined().isEmpty(), () -> "quarantined: " + spool.quarantined());
            acknowledged.retainAll(spool.liveIds());
        }
        return lost;
    }

    private static String flaw(SpoolDriver spool, long id, LiveMessage message) {
        try {
            boolean same =
                    spool.spool().readVerified(id, message.body()).envelope().equals(SpoolDriver.envelope(id));
            return same ? "" : "another envelope";
        } catch (StorageException e) {
            return e.getMessage() + " in " + message.body();
        }
    }

    Set<Long> refused() {
        return refused;
    }

    /** Refused, and yet there after a restart: allowed only when the disk itself was gone at that moment. */
    Set<Long> resurrected() {
        return resurrected;
    }

    void killChildren() {
        children.forEach(Process::destroyForcibly);
    }
}
