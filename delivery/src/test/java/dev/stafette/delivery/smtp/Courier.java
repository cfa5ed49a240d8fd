// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.FileBody;
import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.dns.DnsSettings;
import dev.stafette.delivery.route.RouteSettings;
import dev.stafette.delivery.route.RouteSettings.AddressPreference;
import dev.stafette.delivery.route.RouteSettings.InetProtocols;
import dev.stafette.delivery.tls.ClientTls;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The transport under test with its loops, its log and a way to wait for reports. */
final class Courier implements AutoCloseable {
    static final String MY_HOSTNAME = "relay.test";
    /** Kept as long as a test may take: a machine that stands still for a while would end idle sessions. */
    static final SessionReuse KEPT = new SessionReuse(Duration.ofSeconds(300), 0, Duration.ofSeconds(3600), true);

    private static final InetSocketAddress NO_SERVER = new InetSocketAddress("127.0.0.1", 9);
    /** Nothing is lost on the way to a name server of the test's. */
    static final Duration DNS_TIMEOUT = Duration.ofSeconds(30);

    private static final long ANSWER_SECONDS_MAX = 60;
    /** Sessions look at the clock every 10 ms where a time-out is as short as this. */
    private static final Duration LOOKS_OFTEN = Duration.ofMillis(40);

    private static final long LOOKED_MS = 20;

    final EventLoopGroup loops;
    final SmtpTransport transport;
    private int attemptsMax = Integer.MAX_VALUE;
    private @Nullable String site;
    private long arrivalMs = Long.MAX_VALUE;
    final List<String> log = new CopyOnWriteArrayList<>();
    /** Whether each handshake went on with an earlier session. */
    final List<Boolean> handshakes = new CopyOnWriteArrayList<>();
    /** By how much the transport's clock is ahead of the system's. */
    private final AtomicLong passedNs = new AtomicLong();

    Courier(SmtpClientSettings settings, RouteSettings routes) {
        this(settings, routes, List.of(NO_SERVER), Epoll.isAvailable());
    }

    Courier(SmtpClientSettings settings, RouteSettings routes, boolean epoll) {
        this(settings, routes, List.of(NO_SERVER), epoll);
    }

    /** With TLS. */
    Courier(ClientTls tls) {
        this(settings(), tls);
    }

    Courier(SmtpClientSettings settings, ClientTls tls) {
        this(settings, tls, routes(), List.of(NO_SERVER), Epoll.isAvailable());
    }

    Courier(SmtpClientSettings settings, RouteSettings routes, List<InetSocketAddress> dnsServers, boolean epoll) {
        this(settings, ClientTls.NONE, routes, dnsServers, epoll);
    }

    Courier(
            SmtpClientSettings settings,
            ClientTls tls,
            RouteSettings routes,
            List<InetSocketAddress> dnsServers,
            boolean epoll) {
        this(settings, tls, routes, new DnsSettings(dnsServers, DNS_TIMEOUT, 100), epoll);
    }

    Courier(SmtpClientSettings settings, ClientTls tls, RouteSettings routes, DnsSettings dnsSettings, boolean epoll) {
        loops = new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        DnsClients dns = new DnsClients(dnsSettings, loops);
        transport = new SmtpTransport(
                settings, tls, routes, dns, loops, Runnable::run, new Log(), () -> System.nanoTime() + passedNs.get());
    }

    static SmtpClientSettings settings() {
        return SmtpClientSettings.defaults(MY_HOSTNAME).withReuse(KEPT);
    }

    /** Every wait is the given one, but idle sessions stay. */
    static SmtpClientSettings impatient(Duration wait) {
        return settings().withTimeouts(new SmtpTimeouts(wait, wait, wait, wait, wait, wait, wait, wait, wait));
    }

    /** Every wait is the given one, which {@link #letPass} may be as long as. */
    static SmtpTimeouts watched(Duration wait) {
        return new SmtpTimeouts(wait, wait, LOOKS_OFTEN, wait, wait, wait, wait, wait, wait);
    }

    /** All waits are as usual, but for the one for the server to take more of the content. */
    static SmtpClientSettings impatientWithContent(Duration wait) {
        SmtpTimeouts usual = SmtpTimeouts.DEFAULTS;
        return settings()
                .withTimeouts(new SmtpTimeouts(
                        usual.connect(),
                        usual.helo(),
                        usual.xforward(),
                        usual.mail(),
                        usual.rcpt(),
                        usual.dataInit(),
                        wait,
                        usual.dataDone(),
                        usual.rset()));
    }

    static RouteSettings routes() {
        return new RouteSettings(
                true,
                false,
                false,
                InetProtocols.ALL,
                AddressPreference.ANY,
                true,
                5,
                false,
                false,
                MY_HOSTNAME,
                Set.of());
    }

    static Envelope envelope(String sender, String... recipients) {
        return envelope(TraceMode.NONE, sender, recipients);
    }

    static Envelope envelope(TraceMode trace, String sender, String... recipients) {
        List<EnvelopeRecipient> all = List.of(recipients).stream()
                .map(r -> new EnvelopeRecipient(address(r)))
                .toList();
        return new Envelope(address(sender), false, false, DsnReturn.UNSPECIFIED, null, trace, null, all);
    }

    static MailAddress address(String text) {
        int at = text.lastIndexOf('@');
        return at < 0 ? MailAddress.of(text, "") : MailAddress.of(text.substring(0, at), text.substring(at + 1));
    }

    /** From now on so many attempts at once for a next hop; the others wait in the transport. */
    void attemptsMax(int count) {
        attemptsMax = count;
    }

    /** From now on requests are for this site only; empty: they find theirs out; null: for any. */
    void site(@Nullable String name) {
        site = name;
    }

    /** From now on messages have come then. */
    void arrivalMs(long time) {
        arrivalMs = time;
    }

    CompletableFuture<DeliveryReport> send(String nextHop, Envelope envelope, FileBody body) {
        CompletableFuture<DeliveryReport> answer = new CompletableFuture<>();
        int[] recipients = IntStream.range(0, envelope.recipients().size()).toArray();
        transport.deliver(new DeliveryRequest(
                "ID",
                nextHop,
                envelope,
                recipients,
                body,
                (request, report) -> {
                    if (!answer.complete(report)) {
                        throw new IllegalStateException("reported twice");
                    }
                },
                attemptsMax,
                DeliveryRequest.ANY_SOURCE,
                DeliveryRequest.NO_TENANT,
                site,
                arrivalMs,
                "nothing"));
        return answer;
    }

    CompletableFuture<DeliveryReport> send(String nextHop) {
        return send(nextHop, envelope("a@a.test", "u@b.test"), FileBody.of("Subject: x\n\nhello\n"));
    }

    static DeliveryReport await(CompletableFuture<DeliveryReport> answer) throws Exception {
        return answer.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /**
     * So much time passes for sessions whose waits are {@link #watched}: behind what they have been sent, and until they have
     * looked at the clock. Thread: any but the loop's.
     */
    void letPass(Duration time) {
        // Between two tasks that come from elsewhere a loop reads what has come.
        awaitLook();
        awaitLook();
        passedNs.addAndGet(time.toNanos());
        awaitLook();
    }

    private void awaitLook() {
        loops.next().schedule(() -> {}, LOOKED_MS, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }

    /** {@code sent 2.0.0 250 2.0.0 Ok} */
    static String show(DeliveryOutcome outcome) {
        String kind = switch (outcome.kind()) {
            case DELIVERED -> "sent";
            case DEFERRED -> "deferred";
            case BOUNCED -> "bounced";
        };
        return kind + ' ' + outcome.status() + ' ' + outcome.text();
    }

    @Override
    public void close() {
        transport.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private final class Log implements ClientLog {
        @Override
        public void onNotice(@Nullable String queueId, String text) {
            log.add(text);
        }

        @Override
        public void onHandshake(boolean isResumed, long ns) {
            handshakes.add(isResumed && ns > 0);
        }
    }
}
