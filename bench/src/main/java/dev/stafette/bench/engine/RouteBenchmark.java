// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.route.Routes;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.types.OpenTables;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the route of a recipient costs: with nothing set, and with an ISP's tables of 1,000,000 virtual aliases and 100,000
 * transports. Recipients come in no order; a tenth is in the transport table, the rest goes to domains that no table has.
 * Thread: JMH's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class RouteBenchmark {
    private static final int RECIPIENTS = 1 << 16;
    private static final int ALIASES = 1_000_000;
    private static final int TRANSPORTS = 100_000;
    private static final MailAddress SENDER = MailAddress.of("someone", "customer.example");

    @Param({"bare", "isp"})
    public String configuration;

    private final MailAddress[] recipients = new MailAddress[RECIPIENTS];
    private TableDirectory directory;
    private Routes routes;
    private int next;

    @Setup
    public void open() throws IOException {
        boolean isIsp = configuration.equals("isp");
        directory = TableDirectory.create(
                isIsp ? "virtual_alias_maps = hash:virtual\ntransport_maps = hash:transport\n" : "");
        if (isIsp) {
            directory
                    .with(
                            "virtual",
                            ALIASES,
                            i -> "user" + i + "@customer" + i % 1000 + ".example",
                            i -> "box" + i + "@store.example")
                    .with(
                            "transport",
                            TRANSPORTS,
                            i -> "site" + i + ".example",
                            i -> "relay:[host" + i % 10 + ".example]");
        }
        OpenTables tables = directory.tables();
        Settings settings = directory.settings();
        routes = Routes.of(settings, AddressClasses.of(settings, tables), tables);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < RECIPIENTS; i++) {
            String domain = i % 10 == 0 ? "site" + random.nextInt(TRANSPORTS) : "mail.other" + random.nextInt(1000);
            recipients[i] = MailAddress.of("user" + random.nextInt(ALIASES), domain + ".example");
        }
    }

    @TearDown
    public void delete() throws IOException {
        directory.close();
    }

    @Benchmark
    public @Nullable Route resolve() {
        return routes.resolve(recipients[next++ & RECIPIENTS - 1], SENDER, Inquiry.AT_ONCE);
    }
}
