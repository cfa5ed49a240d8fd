// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark still runs; how fast is no test's business. */
final class BenchmarksIT {
    private static Collection<RunResult> run(String which) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(which)
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(new TimeValue(20, TimeUnit.MILLISECONDS))
                        .param("recipients", "1000")
                        .param("rows", "1000")
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
    }

    /** JMH runs once on a machine, for the sake of its figures; here it is not about figures. */
    @BeforeAll
    static void shareTheMachine() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void runsEveryBenchmarkOnce() throws RunnerException {
        assertFalse(run(".*").isEmpty());
    }
}
