// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.PortNames;
import dev.stafette.engine.socket.DomainSockets;
import dev.stafette.engine.table.TableAnswer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server in this JVM. */
@Timeout(180)
class PolicyServersIT {
    private static final String REQUEST = "request=smtpd_access_policy\nsender=é@a.test\n\n";

    @TempDir
    private Path directory;

    private EventLoopGroup group;
    private PolicyServers servers;

    @BeforeEach
    void start() {
        start(DomainSockets.ofThisMachine());
    }

    private void start(DomainSockets kind) {
        group = new MultiThreadIoEventLoopGroup(1, kind.io());
        servers = new PolicyServers(group, Runnable::run, directory);
    }

    @AfterEach
    void stop() {
        servers.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static PolicySettings settings(int requestLimit, int tryLimit, Duration timeout) {
        Duration long_ = Duration.ofMinutes(5);
        return new PolicySettings(timeout, long_, long_, requestLimit, tryLimit, Duration.ofMillis(1));
    }

    private static PolicySettings usual() {
        return settings(0, 2, Duration.ofSeconds(60));
    }

    @Test
    void asksAndAnswersOverOneConnection() throws IOException {
        try (ScriptedPolicy policy = ScriptedPolicy.onTcp(request -> "other=x\naction=REJECT no é\n\n")) {
            PolicyServer server = servers.open(policy.address(), PortNames.NONE, usual());
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        TableAnswer.found("REJECT no é").toString(),
                        server.answer(REQUEST).toString());
            }
            assertEquals(1, policy.connections.size());
            assertEquals(REQUEST.strip() + "\n", policy.requests.get(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksOverASocketInTheFileSystem(DomainSockets kind) throws IOException {
        if (kind == DomainSockets.EPOLL && DomainSockets.ofThisMachine() != kind) {
            return;
        }
        stop();
        start(kind);
        try (ScriptedPolicy policy =
                ScriptedPolicy.onUnix(directory.resolve("policy"), request -> "action=DUNNO\n\n")) {
            assertEquals(
                    "DUNNO",
                    servers.open("unix:policy", PortNames.NONE, usual())
                            .answer(REQUEST)
                            .value());
            assertEquals(1, policy.requests.size());
        }
    }

    @Test
    void connectsAnewWhenTheServerHasHungUp() throws IOException {
        try (ScriptedPolicy policy = ScriptedPolicy.onTcp(request -> "action=DUNNO\n\n")) {
            PolicyServer server =
                    servers.open(policy.address(), PortNames.NONE, settings(0, 1, Duration.ofSeconds(60)));
            server.answer(REQUEST);
            policy.hangUp();
            assertEquals("DUNNO", server.answer(REQUEST).value());
            assertEquals(2, policy.connections.size());
        }
    }

    @Test
    void usesAConnectionForSoManyRequests() throws IOException {
        try (ScriptedPolicy policy = ScriptedPolicy.onTcp(request -> "action=DUNNO\n\n")) {
            PolicyServer server =
                    servers.open(policy.address(), PortNames.NONE, settings(2, 2, Duration.ofSeconds(60)));
            for (int i = 0; i < 4; i++) {
                server.answer(REQUEST);
            }
            assertEquals(2, policy.connections.size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "what=ever\n\n", "\n"})
    void asksAgainAsOftenAsItMay(String firstAnswer) throws IOException {
        AtomicInteger count = new AtomicInteger();
        try (ScriptedPolicy policy =
                ScriptedPolicy.onTcp(request -> count.incrementAndGet() < 3 ? firstAnswer : "action=OK\n\n")) {
            assertTrue(servers.open(policy.address(), PortNames.NONE, settings(0, 2, Duration.ofSeconds(60)))
                    .answer(REQUEST)
                    .isUnavailable());
            assertEquals(2, count.get());
            count.set(0);
            assertEquals(
                    "OK",
                    servers.open(policy.address(), PortNames.NONE, settings(0, 3, Duration.ofSeconds(60)))
                            .answer(REQUEST)
                            .value());
        }
    }

    /** As Postfix's clients have it in the log. */
    private static String name(String address) {
        return address.substring("inet:".length());
    }

    @Test
    void doesNotWaitForeverForAnAnswer() throws IOException {
        try (ScriptedPolicy policy = ScriptedPolicy.onTcp(request -> "-")) {
            TableAnswer answer = servers.open(policy.address(), PortNames.NONE, settings(0, 2, Duration.ofMillis(50)))
                    .answer(REQUEST);
            assertEquals("problem talking to server " + name(policy.address()) + ": no answer in time", answer.why());
            // It may be late to hear what was sent in time.
            policy.awaitRequests(2);
            assertEquals(2, policy.requests.size());
        }
    }

    @Test
    void saysThatNobodyListens() throws IOException {
        try (Socket taken = new Socket()) {
            // Nobody else gets the port meanwhile.
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String address = "inet:127.0.0.1:" + taken.getLocalPort();
            TableAnswer answer = servers.open(address, PortNames.NONE, usual()).answer(REQUEST);
            assertTrue(answer.why().startsWith("problem talking to server " + name(address) + ": "), answer.why());
        }
        assertTrue(servers.open("unix:missing", PortNames.NONE, usual())
                .answer(REQUEST)
                .isUnavailable());
    }

    @Test
    void refusesAnAnswerWithoutEnd() throws IOException {
        String line = "x=" + "y".repeat(10_000) + "\n";
        try (ScriptedPolicy policy = ScriptedPolicy.onTcp(request -> line.repeat(11))) {
            TableAnswer answer = servers.open(policy.address(), PortNames.NONE, settings(0, 1, Duration.ofSeconds(60)))
                    .answer(REQUEST);
            assertTrue(answer.why().endsWith("an answer of more than 100000 bytes"), answer.why());
        }
    }

    /** Many at a time have as many connections, within the limit; the others wait for their turn. */
    @Test
    void letsWaitWhatIsMoreThanItsConnections() throws Exception {
        int count = PolicyLoop.CONNECTIONS_MAX + 50;
        BlockingQueue<TableAnswer> answers = new ArrayBlockingQueue<>(count);
        try (ScriptedPolicy policy = ScriptedPolicy.onTcp(request -> "action=DUNNO\n\n")) {
            PolicyServer server = servers.open(policy.address(), PortNames.NONE, usual());
            for (int i = 0; i < count; i++) {
                server.start(REQUEST, answers::add);
            }
            List<TableAnswer> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(answers.poll(60, TimeUnit.SECONDS));
            }
            assertTrue(all.stream().allMatch(answer -> answer != null && answer.isFound()));
            assertTrue(policy.connections.size() <= PolicyLoop.CONNECTIONS_MAX, policy.connections.size() + "");
            assertEquals(count, policy.requests.size());
        }
    }

    @Test
    void isOneServerForAllWhoNameIt() {
        assertSame(
                servers.open("inet:127.0.0.1:9", PortNames.NONE, usual()),
                servers.open("inet:127.0.0.1:9", PortNames.NONE, usual()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"inet:host:", "inet:host:0", "inet:host:99999", "inet:host:x", "tcp:host:1", "unix:"})
    void refusesWhatIsNoAddress(String text) {
        assertThrows(ConfigException.class, () -> servers.open(text, PortNames.NONE, usual()));
    }
}
