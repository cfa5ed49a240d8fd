// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.bench.load.RelayBench;
import dev.stafette.codec.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end-to-end benchmark runs, and loses nothing. */
@Timeout(120)
final class RelayBenchIT {
    @ParameterizedTest
    @CsvSource({"OneSiteManyMessages, isp", "ManySitesDeferredHalf, none"})
    void runsAScenario(String scenario, String policy) {
        Path home = Path.of("..", "engine", "target", "stafette");
        Assumptions.assumeTrue(
                Files.isExecutable(home.resolve("bin/postfix")), "no installation: mvn package makes it");
        Programs.require("setpriv");
        String[] words = {
            "--scenario=" + scenario,
            "--policy=" + policy,
            "--aliases=1000",
            "--installation=" + home,
            "--messages=300",
            "--warmup=100",
            "--rounds=1",
            "--sessions=5",
            "--sites=4",
            "--slow-sessions=60"
        };
        assertEquals(0, RelayBench.run(words));
    }
}
