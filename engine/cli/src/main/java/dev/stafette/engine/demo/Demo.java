// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code stafette demo}: sends messages through a relay to a receiving site and shows how long that took.
 * Thread: main.
 *
 * <p>Relay and site are two instances of the mail system, each in a process of its own as {@code postfix start-fg} runs it;
 * this process is nothing but the source. The site stores every message as durably as the relay before it discards it, so
 * the machine does all of the work twice: the figures say what it does at least. Those of the benchmarks are taken with a
 * sink that stores nothing. What is sent before the JVMs have warmed up is not counted.
 */
public final class Demo {
    private static final String MEMORY_FILE_SYSTEM = "tmpfs";
    private static final Path PERSISTENT_TEMPORARY = Path.of("/var/tmp");

    private final DemoSettings settings;
    private final PrintStream out;
    private final ProgressLine progress;

    /** {@code isTerminal}: the progress line can be written over. */
    public Demo(DemoSettings settings, PrintStream out, boolean isTerminal) {
        this.settings = settings;
        this.out = out;
        this.progress = new ProgressLine(out, isTerminal);
    }

    /** Returns whether every message that the relay acknowledged has arrived. */
    public boolean run() throws IOException {
        Path parent = MtaDirectory.createParent(place(settings.directory()), "stafette-demo-");
        AtExit cleaner = new AtExit(() -> deleteAtLast(parent));
        try {
            return run(parent);
        } finally {
            MtaDirectory.delete(parent);
            cleaner.close();
        }
    }

    /** What is synced to a file system in memory is as fast as it is worthless. */
    private static Path place(@Nullable Path wanted) throws IOException {
        if (wanted != null) {
            return wanted;
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        boolean isMemory = Files.getFileStore(temporary).type().equals(MEMORY_FILE_SYSTEM);
        return isMemory && Files.isWritable(PERSISTENT_TEMPORARY) ? PERSISTENT_TEMPORARY : temporary;
    }

    /** For the case that somebody interrupts: the processes are being killed meanwhile. */
    private static void deleteAtLast(Path directory) {
        try {
            MtaDirectory.delete(directory);
        } catch (IOException | UncheckedIOException e) {
            // There is nobody left to tell.
            return;
        }
    }

    private boolean run(Path parent) throws IOException {
        MtaDirectory siteDirectory = MtaDirectory.create(parent, "site", List.of("default_transport = discard"));
        MtaDirectory relayDirectory =
                MtaDirectory.create(parent, "relay", List.of("relayhost = [127.0.0.1]:" + siteDirectory.port()));
        FileStore store = Files.getFileStore(parent);
        out.printf("A relay and a receiving site start, with their queues in %s (%s) ...%n", parent, store.type());
        out.flush();
        try (MtaProcess site = MtaProcess.start(settings.home(), siteDirectory, Map.of());
                MtaProcess relay = MtaProcess.start(settings.home(), relayDirectory, Map.of())) {
            site.awaitReady();
            relay.awaitReady();
            DemoLoad load = new DemoLoad(settings, relay, site, relayDirectory.port(), progress);
            load.warmUp();
            DemoFigures figures = load.measure();
            progress.end();
            figures.print(out, settings, store.type());
            return figures.isWhole();
        }
    }
}
