// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Says where figures come from: without machine, JVM and command they are worth nothing.
 * Thread: main.
 */
final class Environment {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Environment() {}

    static void print(PrintStream out, Path home, RelayOptions options, Path directory, String commandLine)
            throws IOException {
        FileStore store = Files.getFileStore(directory);
        Path javaHome = options.javaHome;
        out.printf(
                "machine  %d x %s, %s %s, queue on %s%n",
                Runtime.getRuntime().availableProcessors(),
                processor(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                store.type());
        out.printf("jvm      source and sink: %s%n", Runtime.version());
        out.printf("         relay: %s, %s%n", javaHome == null ? "as found by the launcher" : javaHome, home);
        out.printf("         options: %s%n", String.join(" ", jvmOptions(home, options.jvmOptions)));
        out.printf("command  java -jar benchmarks.jar %s%n%n", commandLine);
    }

    private static String processor() throws IOException {
        if (!Files.isReadable(CPU_INFO)) {
            return System.getProperty("os.arch");
        }
        return Files.readAllLines(CPU_INFO).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }

    private static List<String> jvmOptions(Path home, List<String> more) throws IOException {
        List<String> options = new java.util.ArrayList<>();
        for (String line : Files.readAllLines(home.resolve("conf/jvm.options"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                options.add(line.strip());
            }
        }
        options.addAll(more);
        return options;
    }
}
