// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that may have more sessions than descriptors, in a process of its own. */
class FewDescriptorsIT {
    private static final int OPEN_FILES = 200;
    private static final int CLIENTS = 300;
    private static final long WATCH_MS = 2500;

    /** Whoever spins takes {@link #WATCH_MS}; who tries again every second takes next to nothing. */
    private static final long CPU_MS_MAX = 1500;

    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void neitherSpinsNorDies(String io) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "ulimit -n " + OPEN_FILES + " && exec \"$@\"",
                        "-",
                        java,
                        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        io)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Socket> clients = new ArrayList<>();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            InetSocketAddress address =
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(said.readLine()));
            try (SocketClient first = new SocketClient(address).hello()) {
                // Once, so that its class is there: in a directory of classes, loading one takes a descriptor.
                first.ask("NOOP");
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(new Socket(address.getAddress(), address.getPort()));
                }
                first.ask("NOOP");
                long beforeMs = cpuMs(process);
                TimeUnit.MILLISECONDS.sleep(WATCH_MS);
                long usedMs = cpuMs(process) - beforeMs;
                assertTrue(usedMs < CPU_MS_MAX, usedMs + " ms of CPU");
                assertEquals("250 2.0.0 Ok", first.ask("NOOP"));
            }
            for (Socket client : clients) {
                client.close();
            }
            try (SocketClient late = new SocketClient(address).hello()) {
                assertEquals("250 2.0.0 Ok", late.ask("NOOP"));
            }
            process.getOutputStream().close();
            List<String> lines = said.lines().toList();
            assertEquals(
                    1,
                    lines.stream()
                            .filter(line -> line.equals("smtpd: error: accept connection: Too many open files"))
                            .count(),
                    lines.toString());
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue());
        } finally {
            for (Socket client : clients) {
                client.close();
            }
            process.destroyForcibly();
        }
    }

    private static long cpuMs(Process process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** Prints its port, and at the end of its input the log. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws IOException {
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                    1,
                    args[0].equals("epoll") && Epoll.isAvailable()
                            ? EpollIoHandler.newFactory()
                            : NioIoHandler.newFactory());
            KeptLog log = new KeptLog();
            try (SmtpServer server = new SmtpServer(new SmtpServerParts(
                    group,
                    new KeptQueue(),
                    new Metrics(0),
                    SmtpServerIT.NO_DNS,
                    ZoneOffset.UTC,
                    SmtpServerParts.BODY_BYTES_MAX,
                    TestHost.ROOM.sessionsMax()))) {
                server.listen(
                        "smtp",
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                        TestHost.service(List.of("smtpd_client_connection_count_limit = 0")),
                        log.log());
                System.out.println(server.addresses().get(0).getPort());
                while (System.in.read() >= 0) {
                    continue;
                }
            }
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
            log.lines().forEach(System.out::println);
        }
    }
}
