// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The JVM of a mail system that a test starts for seconds: with the options of the installation, and without the
 * optimising compiler, which takes half the processor time of so short a life. DemoIT runs with the options alone.
 * Thread: any.
 */
public final class BriefJvm {
    private BriefJvm() {}

    /** {@code home}: the installation; {@code more}: further options. */
    public static void writeOptions(Path home, Path configDirectory, String... more) throws IOException {
        String options = Files.readString(home.resolve("conf/jvm.options"));
        Files.writeString(
                configDirectory.resolve("jvm.options"),
                options + "-XX:TieredStopAtLevel=1\n" + String.join("\n", more) + "\n");
    }
}
