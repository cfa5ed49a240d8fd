// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.bench.load.LookupBench;
import dev.stafette.codec.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The benchmark of RCPT beside a slow table runs, and nobody is answered by that table meanwhile. */
@Timeout(120)
final class LookupBenchIT {
    @Test
    void answersWhileOthersWaitForATable() {
        Path home = Path.of("..", "engine", "target", "stafette");
        Assumptions.assumeTrue(
                Files.isExecutable(home.resolve("bin/postfix")), "no installation: mvn package makes it");
        Programs.require("setpriv");
        String[] words = {"--installation=" + home, "--turn=50", "--rounds=2", "--sessions=2", "--waiting=20"};
        assertEquals(0, LookupBench.run(words));
    }
}
