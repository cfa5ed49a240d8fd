// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressKeys;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.MappingRun;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.types.OpenTables;
import java.io.IOException;
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
    private TableDirectory directory;
    private AddressMappings mappings;
    private int next;

    @Setup
    public void open() throws IOException {
        String virtual = maps.equals("none") ? "" : "virtual_alias_maps = hash:virtual\n";
        String canonical = maps.equals("canonical") ? "canonical_maps = hash:canonical\n" : "";
        directory = TableDirectory.create(virtual + canonical)
                .with("virtual", ROWS, i -> address(i, "customer"), i -> "box" + i + "@store.example")
                .with("canonical", ROWS, i -> address(i, "inside"), i -> "box" + i + "@store.example");
        OpenTables tables = directory.tables();
        Settings settings = directory.settings();
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

    private static String address(int user, String domain) {
        return "user" + user + '@' + domain + user % 1000 + ".example";
    }

    @TearDown
    public void delete() throws IOException {
        directory.close();
    }

    @Benchmark
    public Envelope map() {
        return mappings.map(envelopes[next++ & ENVELOPES - 1], true, new MappingRun(Inquiry.AT_ONCE));
    }
}
