// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.demo.Demo;
import dev.stafette.engine.demo.DemoSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code stafette demo}: the mail system at work, without configuration and without another server.
 * Thread: main.
 */
@Command(
        name = "demo",
        description =
                "Sends messages through a relay to a receiving site, both on this machine, and shows how long it took.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--messages", paramLabel = "N", description = "How many messages.")
    private long messageCount = 30_000;

    @Option(names = "--size", paramLabel = "BYTES", description = "The size of each.")
    private int messageBytes = 4096;

    @Option(names = "--sessions", paramLabel = "N", description = "Concurrent sessions that send them.")
    private int sessionCount = 50;

    @Option(names = "--seconds", paramLabel = "N", description = "No message is begun after so many.")
    private int secondsMax = 5;

    @Option(names = "--warmup", paramLabel = "SECONDS", description = "Messages sent before do not count.")
    private int warmUpSeconds = 3;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where the temporary queues go; without it, where temporary files go.")
    private @Nullable Path directory;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path home = home();
        if (!Files.isExecutable(home.resolve("bin").resolve("postfix"))) {
            return terminal.fatal("stafette", ExitCode.FAILED, "no installation in " + home + ": run bin/stafette");
        }
        DemoSettings settings = new DemoSettings(
                home,
                messageCount,
                messageBytes,
                sessionCount,
                directory,
                Duration.ofSeconds(warmUpSeconds),
                Duration.ofSeconds(secondsMax));
        boolean isWhole = new Demo(settings, terminal.out(), isTerminal()).run();
        return isWhole
                ? ExitCode.OK
                : terminal.fatal("stafette", ExitCode.FAILED, "not every message that was accepted has arrived");
    }

    /** The launcher runs lib/stafette.jar of the installation. */
    private static Path home() {
        Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
        return jar.resolveSibling("..").normalize();
    }

    /** System.console() is there from Java 22 on, whatever the output is. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
