// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.delivery.dns.DnsAnswer.Outcome;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against name servers in this JVM that say what a test wants. */
class DnsClientIT {
    /** Long enough for an answer on a busy machine. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    /** Where nothing is going to be answered at all. */
    private static final Duration IMPATIENT = Duration.ofMillis(100);

    private final FakeDns dns = new FakeDns();
    private final FakeDns second = new FakeDns();
    private final AtomicLong clockNs = new AtomicLong();
    /** The time-outs of queries, which end when the test says so: one that is to be answered never runs into its own. */
    private final Queue<Runnable> timers = new ConcurrentLinkedQueue<>();

    private EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private Duration queryTimeout = PATIENT;
    private int cacheEntriesMax = 100;
    private List<InetSocketAddress> servers = List.of(dns.address());
    private DnsClient client;

    @AfterEach
    void close() {
        dns.close();
        second.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private DnsClient client() {
        if (client == null) {
            DnsSettings settings = new DnsSettings(servers, queryTimeout, cacheEntriesMax);
            EventLoop loop = queryTimeout == PATIENT ? withTimers(loops.next()) : loops.next();
            client = new DnsClient(settings, new Network(loop, new SecureRandom()), clockNs::get);
        }
        return client;
    }

    /** The same, but for tasks that are to run later. */
    private EventLoop withTimers(EventLoop loop) {
        return (EventLoop) Proxy.newProxyInstance(
                EventLoop.class.getClassLoader(), new Class<?>[] {IoEventLoop.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("schedule")) {
                        assertEquals(PATIENT.toNanos(), arguments[1], "the time-out");
                        return timer(loop, (Runnable) arguments[0]);
                    }
                    try {
                        return method.invoke(loop, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ScheduledFuture<?> timer(EventLoop loop, Runnable task) {
        ScheduledFuture<?> timer = loop.schedule(task, 1, TimeUnit.HOURS);
        timers.add(() -> {
            if (timer.cancel(false)) {
                task.run();
            }
        });
        return timer;
    }

    /** The time of what is under way is over. */
    private void timeOut() {
        loops.next().execute(() -> {
            for (Runnable timer = timers.poll(); timer != null; timer = timers.poll()) {
                timer.run();
            }
        });
    }

    /** Nothing comes in place of the truth. */
    private List<byte[]> silence(List<byte[]> truth) {
        timeOut();
        return List.of();
    }

    private <T> DnsAnswer<T> ask(String name, DnsType<T> type) {
        return ask(client(), name, type);
    }

    private <T> DnsAnswer<T> ask(Dns asked, String name, DnsType<T> type) {
        CompletableFuture<DnsAnswer<T>> answer = new CompletableFuture<>();
        loops.next().execute(() -> asked.ask(name, type, answer::complete));
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static InetAddress ip(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }

    // What servers say. ----------------------------------------------------------------------------------------------

    @Test
    void saysThatNobodyListens() {
        servers = List.of(dns.address());
        dns.close();
        String address = dns.address().getAddress().getHostAddress() + ":"
                + dns.address().getPort();
        assertEquals(address + ": connection refused", ask("b.test", DnsType.A).reason());
    }

    @Test
    void readsEveryType() {
        dns.address("b.test", "192.0.2.7").address("b.test", "2001:db8::7").mx("b.test", 10, "MX.b.test");
        dns.alias("alias.test", "b.test").pointer("7.2.0.192.in-addr.arpa", "b.test");
        dns.text("b.test", "v=spf1 ", "-all \u00e4").text("b.test", "other");
        dns.service("_submission._tcp.b.test", 1, 2, 587, "mail.b.test");
        dns.association("_25._tcp.mx.b.test", 3, 1, 1, new byte[] {1, (byte) 0xff});
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
        assertEquals(List.of(ip("2001:db8::7")), ask("b.test", DnsType.AAAA).records());
        assertEquals(
                List.of(new MxRecord(10, "mx.b.test")),
                ask("b.test", DnsType.MX).records());
        assertEquals(List.of("b.test"), ask("alias.test", DnsType.CNAME).records());
        assertEquals(
                List.of("b.test"), ask("7.2.0.192.in-addr.arpa", DnsType.PTR).records());
        assertEquals(
                List.of("v=spf1 -all \u00e4", "other"),
                ask("b.test", DnsType.TXT).records());
        assertEquals(
                List.of(new SrvRecord(1, 2, 587, "mail.b.test")),
                ask("_submission._tcp.b.test", DnsType.SRV).records());
        assertEquals(
                List.of(new TlsaRecord(3, 1, 1, "01ff")),
                ask("_25._tcp.mx.b.test", DnsType.TLSA).records());
        assertEquals(
                "[A, AAAA, MX, CNAME, PTR, TXT, SRV, TLSA]",
                dns.queries.stream()
                        .map(query -> FakeDns.typeName(query.type()))
                        .toList()
                        .toString());
    }

    @Test
    void leavesTheNameOfTheHostOutOfAddresses() {
        dns.address("b.test", "192.0.2.7");
        assertEquals("/192.0.2.7", ask("b.test", DnsType.A).records().get(0).toString());
    }

    @Test
    void tellsNoDataFromNoSuchNameAndFromFailure() {
        dns.empty("empty.test").fail("sick.test", FakeDns.SERVFAIL);
        assertEquals(Outcome.NO_DATA, ask("empty.test", DnsType.MX).outcome());
        assertEquals(Outcome.NO_SUCH_NAME, ask("gone.test", DnsType.MX).outcome());
        DnsAnswer<MxRecord> failure = ask("sick.test", DnsType.MX);
        assertEquals(Outcome.TRY_AGAIN, failure.outcome());
        assertEquals("127.0.0.1:" + dns.address().getPort() + ": SERVFAIL", failure.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a..b", ".b", "trailing\\", "x.\\999"})
    void asksNobodyForWhatIsNoName(String name) {
        assertEquals(Outcome.NO_SUCH_NAME, ask(name, DnsType.A).outcome());
        assertEquals(
                Outcome.NO_SUCH_NAME, ask("x".repeat(64) + ".test", DnsType.A).outcome());
        assertEquals(
                Outcome.NO_SUCH_NAME, ask("x.".repeat(127) + "test", DnsType.A).outcome());
        assertEquals(List.of(), dns.questions);
    }

    @Test
    void asksForNamesWithOddCharacters() {
        dns.empty("@").empty("a_b*c.test");
        assertEquals(Outcome.NO_DATA, ask("@", DnsType.A).outcome());
        assertEquals(Outcome.NO_DATA, ask("a_b*c.test", DnsType.A).outcome());
    }

    @Test
    void takesNoMoreThanItsShareOfRecords() {
        for (int i = 0; i < 150; i++) {
            dns.mx("b.test", i, "mx" + i + ".test");
        }
        dns.change("b.test", truth -> List.of(FakeDns.truncated(truth.get(0))));
        List<MxRecord> records = ask("b.test", DnsType.MX).records();
        assertEquals(ResponseReader.RECORDS_MAX, records.size());
        assertEquals(new MxRecord(0, "mx0.test"), records.get(0));
    }

    @Test
    void takesNoRecordsThatWereNotAskedFor() {
        dns.mx("b.test", 10, "mx.test");
        byte[] foreign = FakeDns.record("c.test", FakeDns.MX, 1, 300, new byte[] {0, 1, 1, 'c', 0});
        byte[] chaos = FakeDns.record("b.test", FakeDns.MX, 3, 300, new byte[] {0, 2, 1, 'd', 0});
        byte[] address = FakeDns.record("b.test", FakeDns.A, 1, 300, new byte[] {1, 2, 3, 4});
        dns.change("b.test", truth -> List.of(FakeDns.prepended(truth.get(0), foreign, chaos, address)));
        assertEquals(
                List.of(new MxRecord(10, "mx.test")), ask("b.test", DnsType.MX).records());
    }

    // Aliases. -------------------------------------------------------------------------------------------------------

    @Test
    void followsAliasesForAsLongAsIsReasonable() {
        for (int i = 0; i < 12; i++) {
            dns.alias("a" + i + ".test", "a" + (i + 1) + ".test");
        }
        dns.address("a12.test", "192.0.2.7");
        assertEquals(List.of(ip("192.0.2.7")), ask("a2.test", DnsType.A).records());
        DnsAnswer<InetAddress> endless = ask("a1.test", DnsType.A);
        assertEquals(Outcome.TRY_AGAIN, endless.outcome());
        assertEquals("aliases without end", endless.reason());
        assertEquals(2, dns.questions.size());
    }

    @Test
    void followsAliasesOverSeveralAnswersForAsLongAsIsReasonable() {
        for (int i = 0; i < 12; i++) {
            dns.alias("a" + i + ".test", "a" + (i + 1) + ".test");
            // Each answer has the first alias alone.
            dns.change("a" + i + ".test", truth -> List.of(FakeDns.firstRecordOnly(truth.get(0))));
        }
        dns.address("a12.test", "192.0.2.7");
        assertEquals(List.of(ip("192.0.2.7")), ask("a2.test", DnsType.A).records());
        assertEquals(11, dns.questions.size());
        assertEquals("aliases without end", ask("a1.test", DnsType.A).reason());
    }

    @Test
    void asksNoFurtherWhereTheServerKnowsTheEndOfTheAliases() {
        dns.alias("b.test", "c.test").empty("c.test").authority(900, 300);
        assertEquals(Outcome.NO_DATA, ask("b.test", DnsType.MX).outcome());
        assertEquals(List.of("b.test MX"), dns.questions);
    }

    @Test
    void endsALoopOfAliasesAtOnce() {
        dns.alias("b.test", "c.test").alias("c.test", "b.test");
        assertEquals(Outcome.TRY_AGAIN, ask("b.test", DnsType.A).outcome());
        assertEquals(1, dns.questions.size());
    }

    // The cache. -----------------------------------------------------------------------------------------------------

    private void passSeconds(long seconds) {
        clockNs.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Whether the answer is kept for exactly so long. */
    private void assertKept(String name, long seconds) {
        // Whatever was known of it is forgotten.
        passSeconds(2 * ResponseReader.SECONDS_MAX);
        ask(name, DnsType.A);
        int asked = dns.questions.size();
        passSeconds(seconds - 1);
        ask(name, DnsType.A);
        assertEquals(asked, dns.questions.size(), name + " is forgotten before " + seconds + " s");
        passSeconds(1);
        ask(name, DnsType.A);
        assertTrue(asked < dns.questions.size(), name + " is kept for longer than " + seconds + " s");
    }

    @Test
    void keepsAnswersAsLongAsTheyMayBeKept() {
        dns.address("b.test", "192.0.2.7", 30).address("b.test", "192.0.2.8", 300);
        assertKept("b.test", 30);
        dns.alias("alias.test", "c.test", 20).address("c.test", "192.0.2.7", 300);
        assertKept("alias.test", 20);
        dns.address("brief.test", "192.0.2.7", 0);
        assertKept("brief.test", ResponseReader.SECONDS_MIN);
        dns.address("odd.test", "192.0.2.7", 0xffff_ffffL);
        assertKept("odd.test", ResponseReader.SECONDS_MIN);
        dns.address("eternal.test", "192.0.2.7", 1_000_000);
        assertKept("eternal.test", ResponseReader.SECONDS_MAX);
    }

    @Test
    void keepsWhatIsNotThereAsLongAsItsZoneSays() {
        dns.empty("empty.test");
        assertKept("empty.test", ResponseReader.NEGATIVE_SECONDS_WITHOUT_SOA);
        assertKept("gone.test", ResponseReader.NEGATIVE_SECONDS_WITHOUT_SOA);
        dns.authority(900, 20);
        assertKept("empty.test", 20);
        assertKept("gone.test", 20);
        dns.authority(30, 900);
        assertKept("gone.test", 30);
        dns.authority(100_000, 100_000);
        assertKept("gone.test", ResponseReader.NEGATIVE_SECONDS_MAX);
        dns.authority(0, 0);
        assertKept("gone.test", ResponseReader.SECONDS_MIN);
    }

    @Test
    void keepsAFailureForASecond() {
        dns.fail("b.test", FakeDns.SERVFAIL).address("b.test", "192.0.2.7");
        assertEquals(Outcome.TRY_AGAIN, ask("b.test", DnsType.A).outcome());
        dns.mend("b.test");
        assertEquals(Outcome.TRY_AGAIN, ask("b.test", DnsType.A).outcome());
        passSeconds(Lookup.FAILURE_SECONDS);
        assertEquals(Outcome.FOUND, ask("b.test", DnsType.A).outcome());
    }

    @Test
    void forgetsWhatWasNotUsedForLongest() {
        cacheEntriesMax = 2;
        for (String name : List.of("b.test", "c.test", "b.test", "d.test", "b.test", "c.test")) {
            ask(name, DnsType.A);
        }
        assertEquals(List.of("b.test A", "c.test A", "d.test A", "c.test A"), dns.questions);
    }

    @Test
    void asksOnceForAllThatWait() {
        dns.address("b.test", "192.0.2.7");
        BlockingQueue<DnsAnswer<InetAddress>> answers = new LinkedBlockingQueue<>();
        loops.next()
                .submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        client().ask("b.test", DnsType.A, answers::add);
                    }
                })
                .syncUninterruptibly();
        for (int i = 0; i < 100; i++) {
            assertEquals(Outcome.FOUND, poll(answers).outcome());
        }
        assertEquals(List.of("b.test A"), dns.questions);
    }

    private static <T> T poll(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(60, TimeUnit.SECONDS);
            assertTrue(next != null, "no answer");
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsTheTroubleOfOneThatWaitsFromTheOthers() {
        dns.address("b.test", "192.0.2.7").address("c.test", "192.0.2.8");
        BlockingQueue<DnsAnswer<InetAddress>> answers = new LinkedBlockingQueue<>();
        loops.next()
                .submit(() -> {
                    client().ask("b.test", DnsType.A, answer -> {
                        throw new IllegalStateException("a mistake of the test's, which is logged");
                    });
                    client().ask("b.test", DnsType.A, answer -> client().ask("c.test", DnsType.A, answers::add));
                    client().ask("b.test", DnsType.A, answers::add);
                })
                .syncUninterruptibly();
        assertEquals(List.of(ip("192.0.2.7")), poll(answers).records());
        assertEquals(List.of(ip("192.0.2.8")), poll(answers).records());
    }

    // Servers. -------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {FakeDns.SERVFAIL, FakeDns.REFUSED, FakeDns.FORMERR, 9})
    void asksTheNextServerWhereOneFails(int code) {
        servers = List.of(dns.address(), second.address());
        dns.fail("b.test", code);
        second.address("b.test", "192.0.2.7");
        assertEquals(Outcome.FOUND, ask("b.test", DnsType.A).outcome());
    }

    @Test
    void asksTheNextServerWhereOneIsSilent() {
        servers = List.of(dns.address(), second.address());
        dns.change("b.test", this::silence);
        second.address("b.test", "192.0.2.7");
        assertEquals(Outcome.FOUND, ask("b.test", DnsType.A).outcome());
    }

    @Test
    void asksTheNextServerWhereNobodyListens() {
        FakeDns gone = new FakeDns();
        gone.close();
        servers = List.of(gone.address(), dns.address());
        dns.address("b.test", "192.0.2.7");
        assertEquals(Outcome.FOUND, ask("b.test", DnsType.A).outcome());
    }

    @Test
    void asksTheNextServerWhereOneTalksGarbage() {
        servers = List.of(dns.address(), second.address());
        dns.address("b.test", "192.0.2.1");
        dns.change("b.test", truth -> List.of(Arrays.copyOf(truth.get(0), 30)));
        second.address("b.test", "192.0.2.7");
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
    }

    @Test
    void asksTheNextServerWhereOneOnlyRefersToOthers() {
        servers = List.of(dns.address(), second.address());
        // Neither AA nor RA.
        dns.empty("b.test").change("b.test", truth -> List.of(FakeDns.patched(truth.get(0), 2, 0x81, 0)));
        second.address("b.test", "192.0.2.7");
        assertEquals(Outcome.FOUND, ask("b.test", DnsType.A).outcome());
    }

    @Test
    void asksEachServerTwiceAndThenGivesUp() {
        servers = List.of(dns.address(), second.address());
        dns.change("b.test", this::silence);
        second.fail("b.test", FakeDns.REFUSED);
        DnsAnswer<InetAddress> failure = ask("b.test", DnsType.A);
        assertEquals("127.0.0.1:" + second.address().getPort() + ": REFUSED", failure.reason());
        assertEquals(2, dns.questions.size());
        assertEquals(2, second.questions.size());
    }

    @Test
    void takesNoLateAnswer() {
        servers = List.of(dns.address(), second.address());
        CountDownLatch answered = new CountDownLatch(1);
        dns.address("b.test", "192.0.2.1").change("b.test", truth -> {
            timeOut();
            awaitQuietly(answered);
            return truth;
        });
        second.address("b.test", "192.0.2.7");
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
        answered.countDown();
        // What this server says next comes behind it.
        assertEquals(Outcome.NO_SUCH_NAME, ask("c.test", DnsType.A).outcome());
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void speaksToServersThroughBothKindsOfChannel(boolean epoll) {
        assumeTrue(!epoll || Epoll.isAvailable(), "no native epoll here");
        FakeDns gone = new FakeDns();
        gone.close();
        EventLoopGroup before = loops;
        loops = new MultiThreadIoEventLoopGroup(1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        before.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        servers = List.of(gone.address(), dns.address());
        dns.address("b.test", "192.0.2.7").address("c.test", "192.0.2.8");
        dns.change("c.test", truth -> List.of(FakeDns.truncated(truth.get(0))));
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
        assertEquals(List.of(ip("192.0.2.8")), ask("c.test", DnsType.A).records());
        assertEquals(List.of("b.test A", "c.test A", "c.test A TCP"), dns.questions);
    }

    // TCP. -----------------------------------------------------------------------------------------------------------

    @Test
    void asksOverTcpForWhatDoesNotFit() {
        for (int i = 0; i < 60; i++) {
            dns.text("b.test", "x".repeat(200) + i);
        }
        dns.change("b.test", truth -> List.of(FakeDns.truncated(truth.get(0))));
        assertEquals(60, ask("b.test", DnsType.TXT).records().size());
        assertEquals(List.of("b.test TXT", "b.test TXT TCP"), dns.questions);
    }

    @ParameterizedTest
    @CsvSource({
        "CLOSED, connection closed",
        "GARBAGE, garbage",
        "OTHER, answers what was not asked",
        "CUT, truncated over TCP"
    })
    void asksTheNextServerWhereTcpDoesNotWork(String fault, String reason) {
        dns.address("b.test", "192.0.2.1").change("b.test", truth -> List.of(FakeDns.truncated(truth.get(0))));
        dns.changeOverTcp("b.test", truth -> switch (fault) {
            case "CLOSED" -> throw new IllegalStateException("the connection ends here");
            case "GARBAGE" -> List.of(Arrays.copyOf(truth.get(0), 13));
            case "OTHER" -> List.of(FakeDns.patched(truth.get(0), 13, 'c'));
            default -> List.of(FakeDns.truncated(truth.get(0)));
        });
        DnsAnswer<InetAddress> failure = ask("b.test", DnsType.A);
        assertEquals(Outcome.TRY_AGAIN, failure.outcome());
        assertTrue(failure.reason().endsWith(reason), failure.reason());
        assertEquals(4, dns.questions.size());
    }

    @Test
    void waitsNoLongerOverTcp() {
        servers = List.of(dns.address(), second.address());
        dns.address("b.test", "192.0.2.1").change("b.test", truth -> List.of(FakeDns.truncated(truth.get(0))));
        dns.changeOverTcp("b.test", this::silence);
        second.address("b.test", "192.0.2.7");
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
    }

    // Lies. ----------------------------------------------------------------------------------------------------------

    /** What a forger would send in place of the answer: the address is his. */
    private static byte[] forged(byte[] truth, String lie) {
        byte[] message = FakeDns.patched(truth, truth.length - 11 - 1, 66);
        int end = FakeDns.questionEnd(message);
        return switch (lie) {
            case "ID" -> FakeDns.patched(message, 0, message[0] ^ 1);
            case "NAME" -> FakeDns.patched(message, 13, 'c');
            case "TYPE" -> FakeDns.patched(message, end - 3, FakeDns.MX);
            case "CLASS" -> FakeDns.patched(message, end - 1, 3);
            case "TWO_QUESTIONS" -> FakeDns.patched(message, 5, 2);
            case "NO_QUESTION" -> FakeDns.withoutQuestion(message);
            case "QUERY" -> FakeDns.patched(message, 2, message[2] & 0x7f);
            case "OPCODE" -> FakeDns.patched(message, 2, message[2] | 0x20);
            case "SHORT" -> new byte[] {1};
            case "EMPTY" -> new byte[0];
            default -> throw new IllegalArgumentException(lie);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"ID", "NAME", "TYPE", "CLASS", "NO_QUESTION", "QUERY", "OPCODE", "SHORT", "EMPTY"})
    void waitsForTheTruthBehindALie(String lie) {
        dns.address("b.test", "192.0.2.7").change("b.test", truth -> List.of(forged(truth.get(0), lie), truth.get(0)));
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
        assertEquals(1, dns.questions.size());
    }

    @Test
    void asksTheNextServerWhereOneOnlyLies() {
        servers = List.of(dns.address(), second.address());
        dns.address("b.test", "192.0.2.1").change("b.test", truth -> {
            // When the lie has been heard, most likely.
            loops.next().schedule(this::timeOut, 50, TimeUnit.MILLISECONDS);
            return List.of(forged(truth.get(0), "NAME"));
        });
        second.address("b.test", "192.0.2.7");
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
        // What cannot be read at all is no reason to wait.
        dns.address("c.test", "192.0.2.1").change("c.test", truth -> List.of(forged(truth.get(0), "TWO_QUESTIONS")));
        second.address("c.test", "192.0.2.8");
        assertEquals(List.of(ip("192.0.2.8")), ask("c.test", DnsType.A).records());
    }

    @Test
    void leavesUdpWhereSomebodyGuesses() {
        dns.address("b.test", "192.0.2.7");
        dns.change("b.test", truth -> Collections.nCopies(Exchange.STRAYS_MAX, forged(truth.get(0), "ID")));
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
        assertEquals(List.of("b.test A", "b.test A TCP"), dns.questions);
    }

    @Test
    void hearsNobodyButTheServer() {
        dns.address("b.test", "192.0.2.7").change("b.test", truth -> {
            FakeDns.Query query = dns.queries.get(dns.queries.size() - 1);
            byte[] lie = FakeDns.patched(truth.get(0), truth.get(0).length - 11 - 1, 66);
            try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                stranger.send(new DatagramPacket(lie, lie.length, query.client()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return truth;
        });
        assertEquals(List.of(ip("192.0.2.7")), ask("b.test", DnsType.A).records());
    }

    @Test
    void hasAPortAndAnIdOfItsOwnForEachQuestion() {
        for (int i = 0; i < 40; i++) {
            ask("b" + i + ".test", DnsType.A);
        }
        Set<Object> ports = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        Set<Integer> steps = new HashSet<>();
        int before = 0;
        for (FakeDns.Query query : dns.queries) {
            ports.add(query.client());
            ids.add(query.id());
            steps.add(query.id() - before);
            before = query.id();
        }
        // Some may come twice by chance.
        assertTrue(ports.size() > 30, ports.toString());
        assertTrue(ids.size() > 30 && steps.size() > 30, ids.toString());
    }

    // Extensions. ----------------------------------------------------------------------------------------------------

    @Test
    void saysHowLargeAnAnswerMayBe() {
        ask("b.test", DnsType.A);
        assertEquals(0, dns.queries.get(0).flags());
        assertEquals(Exchange.UDP_BYTES_MAX, dns.queries.get(0).payloadBytes());
    }

    @Test
    void speaksPlainlyToAServerWithoutExtensions() {
        dns.address("b.test", "192.0.2.7");
        dns.change(
                "b.test",
                truth -> dns.queries.get(dns.queries.size() - 1).flags() < 0
                        ? truth
                        : List.of(FakeDns.headerOnly(truth.get(0), FakeDns.FORMERR)));
        assertEquals(Outcome.FOUND, ask("b.test", DnsType.A).outcome());
        assertEquals(2, dns.questions.size());
    }

    @Test
    void believesAVoucherOnlyWhereItAskedForOne() {
        dns.address("signed.test", "192.0.2.7").sign("signed.test").address("b.test", "192.0.2.8");
        // This server vouches for everything, unasked.
        dns.address("c.test", "192.0.2.9").change("c.test", truth -> List.of(FakeDns.patched(truth.get(0), 3, 0xa0)));
        Dns believing = client().authenticated();
        assertTrue(ask(believing, "signed.test", DnsType.A).authentic());
        assertFalse(ask("signed.test", DnsType.A).authentic());
        assertFalse(ask(believing, "b.test", DnsType.A).authentic());
        assertTrue(ask(believing, "c.test", DnsType.A).authentic());
        assertFalse(ask("c.test", DnsType.A).authentic());
        assertEquals(
                List.of(0x8000, 0, 0x8000, 0x8000, 0),
                dns.queries.stream().map(FakeDns.Query::flags).toList());
    }

    @Test
    void believesInAChainWhoseEveryPartIsVouchedFor() {
        dns.alias("b.test", "c.test").sign("b.test").address("c.test", "192.0.2.7");
        dns.change("b.test", truth -> List.of(FakeDns.firstRecordOnly(truth.get(0))));
        Dns believing = client().authenticated();
        assertFalse(ask(believing, "b.test", DnsType.A).authentic());
        passSeconds(ResponseReader.SECONDS_MAX);
        dns.sign("c.test");
        assertTrue(ask(believing, "b.test", DnsType.A).authentic());
    }

    // Limits and the end. --------------------------------------------------------------------------------------------

    @Test
    void boundsWhatIsUnderWayAndWhatWaits() {
        queryTimeout = IMPATIENT;
        BlockingQueue<String> reasons = new LinkedBlockingQueue<>();
        int count = DnsClient.LOOKUPS_MAX + DnsClient.WAITING_MAX + 10;
        for (int i = 0; i < count; i++) {
            dns.ignore("b" + i + ".test");
        }
        loops.next()
                .submit(() -> {
                    for (int i = 0; i < count; i++) {
                        client().ask("b" + i + ".test", DnsType.A, answer -> reasons.add(answer.reason()));
                    }
                    assertEquals(10, reasons.size(), "answered at once");
                    // What waits has no time left when its turn comes.
                    clockNs.addAndGet(2 * IMPATIENT.toNanos());
                })
                .syncUninterruptibly();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(poll(reasons));
        }
        assertEquals(count - DnsClient.LOOKUPS_MAX, Collections.frequency(all, "too many questions"));
        assertTrue(dns.questions.size() <= DnsClient.LOOKUPS_MAX, "asked: " + dns.questions.size());
    }

    @Test
    void answersEverybodyWhenItIsClosed() {
        dns.ignore("b.test");
        BlockingQueue<String> reasons = new LinkedBlockingQueue<>();
        EventLoop loop = loops.next();
        loop.submit(() -> client().ask("b.test", DnsType.A, answer -> reasons.add(answer.reason())))
                .syncUninterruptibly();
        loop.submit(() -> client().close()).syncUninterruptibly();
        assertEquals("shutting down", poll(reasons));
        assertEquals("shutting down", ask("c.test", DnsType.A).reason());
    }

    @Test
    void sharesOneClientOnALoop() {
        dns.address("b.test", "192.0.2.7");
        try (DnsClients clients = new DnsClients(new DnsSettings(servers, PATIENT, 10), loops)) {
            ask(clients.of(loops.next()), "b.test", DnsType.A);
            ask(clients.of(loops.next()), "b.test", DnsType.A);
            ask(clients.authenticatedOf(loops.next()), "b.test", DnsType.A);
            assertEquals(2, dns.questions.size());
            EventLoopGroup others = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
            assertThrows(IllegalStateException.class, () -> clients.of(others.next()));
            others.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
