// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.delivery.Transport;
import dev.stafette.delivery.deputy.DeputyClient;
import dev.stafette.delivery.discard.DiscardTransport;
import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.identity.OwnIdentity;
import dev.stafette.delivery.mailbox.AppendRecords;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.local.ForwardedMail;
import dev.stafette.engine.local.LocalParts;
import dev.stafette.engine.local.MailboxRoom;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.notice.NoticeSettings;
import dev.stafette.engine.notice.NoticeWay;
import dev.stafette.engine.notice.Postmaster;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportsTest {
    /** Of master.cf that deliver; one transport besides is the queue manager's own, for good. */
    private static final int ROWS = 6;

    private static final String MASTER_CF = """
        smtp unix - - n - - smtp
        relay unix - - n - - smtp -o syslog_name=postfix/$service_name
        error unix - - n - - error
        retry unix - - n - - error
        discard unix - - n - - discard
        lmtp unix - - n - - lmtp
        """;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private static final Postmaster POSTMASTER =
            new Postmaster(NoticeSettings.none("mx.b.test"), "Stafette", new IntakeSettings("mx.b.test", 50, 0));

    private final KeptLog log = new KeptLog();
    private Configuration configuration;
    private Transports transports;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("main.cf"), "myhostname = mx.b.test\n");
        Files.writeString(directory.resolve("master.cf"), MASTER_CF);
        configuration = Configuration.read(directory, new LocalHost());
        DnsSettings dns = new DnsSettings(List.of(new InetSocketAddress("127.0.0.1", 9)), Duration.ofSeconds(1), 10);
        ProgramRoom programs = ProgramRoom.open(
                directory, OwnIdentity.ofThisProcess(), new DeputyClient(directory.resolve("deputy")), Runnable::run);
        transports = Transports.open(
                configuration,
                ListTables.UNOPENED,
                row -> POSTMASTER,
                new ClientRoom(
                        loops,
                        new DnsClients(dns, loops),
                        Runnable::run,
                        (loop, domain, then) -> then.accept(null),
                        event -> {},
                        new NoticeWay()),
                local(log.log(), programs),
                programs,
                log.log());
    }

    private static LocalParts local(MailLog log, ProgramRoom programs) throws IOException {
        return new LocalParts(
                MailboxRoom.of(OwnIdentity.ofThisProcess(), AppendRecords.none(), "mx.b.test", Runnable::run, log),
                programs.commands(),
                (recipient, sender, inquiry) -> null,
                () -> {
                    throw new IllegalStateException("nothing is delivered");
                },
                new ForwardedMail());
    }

    @AfterEach
    void close() {
        transports.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        log.close();
    }

    @Test
    void keepsNothingOfTheTransportsThatReloadsReplace() {
        List<WeakReference<Transport>> replaced = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            transports.byService().forEach((service, transport) -> {
                if (!service.equals(DiscardTransport.OF_QUEUE_MANAGER)) {
                    replaced.add(new WeakReference<>(transport));
                }
            });
            transports
                    .reload(configuration, ListTables.UNOPENED, row -> POSTMASTER)
                    .run();
        }
        await("the end of idle transports", () -> transports.openCount() == ROWS + 1);
        await("the collection of " + replaced.size() + " transports", () -> {
            System.gc();
            return replaced.stream().allMatch(transport -> transport.get() == null);
        });
    }

    @Test
    void keepsThoseOfBeforeUntilNobodyDeliversByThem() {
        Transport before = transports.byService().get("smtp");
        Runnable retire = transports.reload(configuration, ListTables.UNOPENED, row -> POSTMASTER);
        assertNotSame(before, transports.byService().get("smtp"));
        assertEquals(2 * ROWS + 1, transports.openCount());
        retire.run();
        await("the end of idle transports", () -> transports.openCount() == ROWS + 1);
    }

    /** Postfix's transports have no name of their own in the log but the one that their row gives them. */
    @Test
    void logsUnderTheNameThatTheRowSays() {
        for (String service : List.of("relay", "retry", "lmtp")) {
            Objects.requireNonNull(transports.logs().get(service)).warning(service);
        }
        assertEquals(
                List.of("relay/smtp: warning: relay", "error: warning: retry", "lmtp: warning: lmtp"), log.lines());
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadlineNs, () -> "in vain: " + what);
            Thread.yield();
        }
    }
}
