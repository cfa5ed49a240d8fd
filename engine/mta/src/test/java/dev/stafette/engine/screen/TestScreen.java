// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.delivery.dns.DnsAnswer;
import dev.stafette.delivery.dns.DnsType;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.smtp.PassedClients;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.types.OpenTables;
import dev.stafette.engine.table.types.TableTypes;
import dev.stafette.engine.tls.ServerContexts;
import dev.stafette.engine.tls.TicketKeys;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A screen without a network, whose clock and name server are a test's. */
final class TestScreen implements AutoCloseable {
    static final long EPOCH_SECONDS = 1_000_000;

    private final KeptLog log = new KeptLog();
    private final PassedClients passed;
    private final ScreenedClients clients = new ScreenedClients();
    private final ScreenLoad load = new ScreenLoad();
    private final List<Client> open = new ArrayList<>();
    private final Map<String, DnsAnswer<?>> answers = new HashMap<>();
    private final List<Runnable> questions = new ArrayList<>();
    final ScreenCache cache = ScreenCache.open(null, Runnable::run, text -> {});
    private long nowNs;
    private boolean answersAtOnce = true;
    private ScreenLoop loop;

    TestScreen(String... mainCf) {
        this(Integer.MAX_VALUE, mainCf);
    }

    /** {@code sessionsMax}: of the service behind it. */
    TestScreen(int sessionsMax, String... mainCf) {
        this.passed = new PassedClients(sessionsMax);
        reload(mainCf);
    }

    /** For clients that come from now on. */
    void reload(String... mainCf) {
        List<String> lines = new ArrayList<>(List.of(
                "compatibility_level = 3.7",
                "myhostname = mx.b.test",
                "mynetworks = 10.0.0.0/8",
                "smtpd_banner = mx.b.test ESMTP"));
        lines.addAll(List.of(mainCf));
        var configuration = new FakeHost("mx.b.test")
                .configuration(String.join("\n", lines), "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd");
        OpenTables tables = new OpenTables(new TableHost(
                TableTypes::open, Path.of("/"), text -> text, warning -> {}, System::nanoTime, Runnable::run));
        ScreenSettings settings = ScreenSettings.of(
                configuration.settings(),
                configuration.services().get(0),
                tables,
                new ServerContexts(
                        TlsEngine::best, new TicketKeys(), ListTables.UNOPENED, Runnable::run, warning -> {}));
        loop = new ScreenLoop(
                settings,
                new ScreenLog(log.log(), settings.protocol()),
                clients,
                load,
                cache,
                passed.gate(),
                new Names(),
                new Inquirer(Runnable::run, () -> nowNs),
                () -> nowNs,
                () -> (EPOCH_SECONDS * 1000) + nowNs / 1_000_000);
    }

    ScreenSettings settings() {
        return loop.settings();
    }

    ScreenLoad load() {
        return load;
    }

    /** Who has passed, and what each had said. */
    List<String> passed() {
        return passed.clients();
    }

    TestScreen name(String name, DnsAnswer<?> answer) {
        answers.put(name, answer);
        return this;
    }

    /** Names are looked up when the test says so. */
    void holdAnswers() {
        answersAtOnce = false;
    }

    void answer() {
        List<Runnable> all = List.copyOf(questions);
        questions.clear();
        all.forEach(Runnable::run);
        open.forEach(Client::runTasks);
    }

    void pass(long ms) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
        for (Client client : List.copyOf(open)) {
            client.channel.advanceTimeBy(ms, TimeUnit.MILLISECONDS);
            client.runTasks();
        }
    }

    Client connect(String address) {
        Client client = new Client(address);
        open.add(client);
        client.screening.begin();
        client.runTasks();
        return client;
    }

    /** Ends the log. */
    List<String> log() {
        return log.lines();
    }

    @Override
    public void close() {
        open.forEach(client -> client.channel.finishAndReleaseAll());
        passed.close();
        log.close();
    }

    /** One connection. */
    final class Client {
        final EmbeddedChannel channel = new EmbeddedChannel();
        private final Screening screening;

        private Client(String address) {
            ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    screening.onBytes((ByteBuf) message);
                    ReferenceCountUtil.release(message);
                }

                @Override
                public void channelInactive(ChannelHandlerContext ctx) {
                    screening.onClosed();
                }
            };
            channel.freezeTime();
            this.screening = new Screening(
                    new ScreenedConnection(
                            loop,
                            channel,
                            new InetSocketAddress(FakeHost.ip(address), 4711),
                            new InetSocketAddress(FakeHost.ip("192.0.2.1"), 25)),
                    handler);
            channel.pipeline().addLast(handler);
        }

        void runTasks() {
            channel.runPendingTasks();
            channel.runScheduledPendingTasks();
        }

        Client say(String text) {
            channel.writeInbound(Unpooled.copiedBuffer(text.replace("\n", "\r\n"), StandardCharsets.US_ASCII));
            runTasks();
            return this;
        }

        /** What was said since the last call; lines with a bar between them. */
        String heard() {
            StringBuilder text = new StringBuilder();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                text.append(out.toString(StandardCharsets.US_ASCII));
                out.release();
            }
            return text.toString().replace("\r\n", "|");
        }

        boolean isOpen() {
            return channel.isActive();
        }

        void close() {
            channel.close();
            runTasks();
        }
    }

    /** Knows what the test says, and else that there is no such name. */
    private final class Names implements Dns {
        @Override
        @SuppressWarnings("unchecked")
        public <T> void ask(String name, DnsType<T> type, Consumer<DnsAnswer<T>> then) {
            DnsAnswer<T> answer = (DnsAnswer<T>) answers.getOrDefault(
                    name, new DnsAnswer<>(DnsAnswer.Outcome.NO_SUCH_NAME, List.of(), "", false, 300, ""));
            if (answersAtOnce) {
                then.accept(answer);
            } else {
                questions.add(() -> then.accept(answer));
            }
        }
    }

    static DnsAnswer<?> listed(String address, long seconds) {
        return new DnsAnswer<>(DnsAnswer.Outcome.FOUND, List.of(FakeHost.ip(address)), "", false, seconds, "");
    }
}
