// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.bench.load.MilterBench;
import dev.stafette.codec.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of a milter runs, and the milter is told of each message. */
@Timeout(120)
final class MilterBenchIT {
    @Test
    void measuresAMilterBesideItsOwnRoundTrips() {
        Path home = Path.of("..", "engine", "target", "stafette");
        Assumptions.assumeTrue(
                Files.isExecutable(home.resolve("bin/postfix")), "no installation: mvn package makes it");
        Programs.require("setpriv");
        String[] words = {"--installation=" + home, "--messages=3", "--rounds=1", "--answer=0"};
        assertEquals(0, MilterBench.run(words));
    }
}
