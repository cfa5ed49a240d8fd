// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.MappingRun;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import dev.stafette.engine.table.types.IndexBuild;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * What the maps of addresses cost a message with one recipient: no maps, 1,000,000 virtual aliases, and those with a
 * canonical map of as many before them; all recipients are aliases, or none is.
 * Thread: JMH's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class MappingBenchmark {
    private static final int ENVELOPES = 1 << 16;
    private static final int ROWS = 1_000_000;

    @Param({"none", "virtual", "canonical"})
    public String maps;

    @Param({"hit", "miss"})
    public String recipients;

    private final Envelope[] envelopes = new Envelope[ENVELOPES];
    private Path directory;
    private OpenTables tables;
    private AddressMappings mappings;
    private int next;

    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("bench");
        String virtual = maps.equals("none") ? "" : "virtual_alias_maps = hash:virtual\n";
        String canonical = maps.equals("canonical") ? "canonical_maps = hash:canonical\n" : "";
        Files.writeString(
                directory.resolve("main.cf"),
                "mydestination = mx.example\nmyhostname = mx.example\n" + virtual + canonical);
        Files.writeString(directory.resolve("master.cf"), "");
        Settings settings = Configuration.read(directory, new LocalHost()).settings();
        TableHost host = new TableHost(
                TableTypes::open, directory, settings::expand, warning -> {}, System::nanoTime, Runnable::run);
        build("virtual", "customer", host);
        build("canonical", "inside", host);
        tables = new OpenTables(host);
        AddressClasses classes = AddressClasses.of(settings, tables);
        mappings = AddressMappings.of(
                settings, AddressKeys.of(settings, classes), AddressRewriter.of(settings, classes), tables);
        SplittableRandom random = new SplittableRandom(5);
        MailAddress sender = MailAddress.of("someone", "elsewhere.example");
        String domain = recipients.equals("hit") ? "customer" : "other";
        for (int i = 0; i < ENVELOPES; i++) {
            int user = random.nextInt(ROWS);
            MailAddress recipient = MailAddress.of("user" + user, domain + user % 1000 + ".example");
            envelopes[i] = Envelope.of(sender, List.of(new EnvelopeRecipient(recipient)));
        }
    }

    private static void build(String table, String domain, TableHost host) throws IOException {
        try (IndexBuild build = IndexBuild.start(TableSpec.parse("hash:" + table), host)) {
            for (int i = 0; i < ROWS; i++) {
                build.put("user" + i + '@' + domain + i % 1000 + ".example", "box" + i + "@store.example", false);
            }
            build.finish(null);
        }
    }

    @TearDown
    public void delete() throws IOException {
        tables.close();
        for (String file : new String[] {"virtual.db", "canonical.db", "main.cf", "master.cf"}) {
            Files.deleteIfExists(directory.resolve(file));
        }
        Files.delete(directory);
    }

    @Benchmark
    public Envelope map() {
        return mappings.map(envelopes[next++ & ENVELOPES - 1], true, new MappingRun(Inquiry.AT_ONCE));
    }
}
