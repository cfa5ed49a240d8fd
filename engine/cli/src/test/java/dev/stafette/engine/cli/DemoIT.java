// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.Programs;
import dev.stafette.engine.cli.Installation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo of the built installation, as anybody runs it. */
@Timeout(600)
class DemoIT {
    @TempDir
    private Path directory;

    @Test
    void bringsEveryMessageToTheSiteAndLeavesNothingBehind() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Installation.script()), "no installation: mvn package makes it");
        if (Installation.isRoot()) {
            Programs.require("setpriv");
        }
        Path place = Files.createDirectory(directory.resolve("queues"));
        // As root it runs as nobody.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
        String script = Installation.script().toString();
        Outcome outcome = Installation.execute(
                List.of(
                        script,
                        "demo",
                        "--messages=300",
                        "--size=2000",
                        "--sessions=10",
                        "--warmup=0",
                        "--seconds=60",
                        "--directory=" + place),
                directory);
        assertEquals(0, outcome.exitCode(), outcome.err());
        assertTrue(outcome.out().contains("300 accepted, 300 delivered, 300 arrived"), outcome.out());
        assertTrue(outcome.out().contains("Queue wait"), outcome.out());
        try (var left = Files.list(place)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
