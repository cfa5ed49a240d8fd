// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What says which relay is measured, and how it runs.
 * Thread: main.
 */
final class RelayOptions {
    @Option(names = "--installation", paramLabel = "DIR", description = "What is measured: engine/target/stafette.")
    @Nullable
    Path installation;

    @Option(names = "--java-home", paramLabel = "DIR", description = "The Java of the relay.")
    @Nullable
    Path javaHome;

    @Option(
            names = "--jvm-option",
            paramLabel = "OPTION",
            description = "For the relay's JVM, behind those of conf/; repeatable.")
    List<String> jvmOptions = new ArrayList<>();

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A line of the relay's main.cf; repeatable.")
    List<String> mainCf = new ArrayList<>();

    @Option(names = "--directory", paramLabel = "DIR", description = "Where the queue goes: the disk that is measured.")
    Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--help", usageHelp = true, description = "This text.")
    boolean isHelpAsked;
}
