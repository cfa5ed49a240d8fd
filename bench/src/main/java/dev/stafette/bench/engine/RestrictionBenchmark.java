// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.engine;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.log.LogSettings;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.policy.PolicyServers;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.engine.restriction.RestrictionSources;
import dev.stafette.engine.restriction.Restrictions;
import dev.stafette.engine.restriction.Ruling;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.verify.AddressVerifier;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * What the twelve restrictions of a usual site cost a recipient that all of them let pass, with three access tables and a
 * table of recipients of so many rows each. Clients, senders and recipients come in no order; the access tables have none of
 * their keys, so that each is asked for every form of them.
 * Thread: JMH's.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class RestrictionBenchmark {
    private static final int QUESTIONS = 1 << 16;

    private static final String MAIN_CF = """
        mynetworks = 10.0.0.0/8
        relay_domains = customer.example
        relay_recipient_maps = hash:users
        smtpd_client_restrictions = permit_mynetworks, check_client_access hash:clients,
          reject_unknown_reverse_client_hostname
        smtpd_helo_restrictions = reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname
        smtpd_sender_restrictions = check_sender_access hash:senders, reject_non_fqdn_sender
        smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
        smtpd_recipient_restrictions = reject_non_fqdn_recipient, check_recipient_access hash:recipients,
          reject_unlisted_recipient
        """;

    @Param({"100000", "1000000"})
    public int rows;

    private final Facts[] questions = new Facts[QUESTIONS];
    private EventLoopGroup loops;
    private Path logFile;
    private MailLog log;
    private TableDirectory directory;
    private Restrictions restrictions;
    private int next;

    @Setup
    public void open() throws IOException {
        directory = TableDirectory.create(MAIN_CF)
                .with("clients", rows, i -> "host" + i + ".bad.example", i -> "REJECT")
                .with("senders", rows, i -> "user" + i + "@bad.example", i -> "REJECT")
                .with("recipients", rows, i -> "gone" + i + "@customer.example", i -> "REJECT")
                .with("users", rows, i -> "user" + i + "@customer.example", i -> "x");
        logFile = Files.createTempFile("bench", ".log");
        log = MailLog.open(new LogSettings(logFile, "0600", "mail", "mx.test", "postfix", 1, 2, ZoneOffset.UTC, false));
        // It has no thread until a server is asked.
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        RestrictionSources sources = new RestrictionSources(
                new NameQuestions(new NobodysNames(), HostsFile.of(List.of())),
                new PolicyServers(loops, Runnable::run, Path.of("/")),
                new AddressVerifier(loops.next(), Runnable::run, System::currentTimeMillis, log),
                log);
        restrictions = Restrictions.of(directory.settings(), directory.tables(), sources);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < QUESTIONS; i++) {
            questions[i] = question(random);
        }
        for (Facts facts : questions) {
            SmtpReply refusal =
                    restrictions.atRecipient(facts, Inquiry.AT_ONCE, null).refusal();
            if (refusal != null) {
                throw new IllegalStateException(refusal.toString());
            }
        }
    }

    private Facts question(SplittableRandom random) {
        String name = "mail" + random.nextInt(rows) + ".good.example";
        byte[] address = {(byte) 192, 0, 2, (byte) random.nextInt(256)};
        MailAddress recipient = MailAddress.of("user" + random.nextInt(rows), "customer.example");
        return new Facts(
                new ClientFacts(IpText.of(address), name, Finding.NOT_FOUND),
                name,
                MailAddress.of("sender" + random.nextInt(rows), "lists.good.example"),
                new RecipientFacts(recipient, recipient, AddressClass.RELAY, null, false),
                "");
    }

    /** None of the restrictions needs the DNS for a client whose name is known. */
    private static final class NobodysNames implements Dns {
        @Override
        public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
            throw new IllegalStateException(name + " " + type);
        }
    }

    @TearDown
    public void delete() throws IOException {
        directory.close();
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        log.close();
        Files.delete(logFile);
    }

    @Benchmark
    public Ruling atRecipient() {
        return restrictions.atRecipient(questions[next++ & QUESTIONS - 1], Inquiry.AT_ONCE, null);
    }
}
