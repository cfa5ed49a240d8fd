// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.demo.CpuTime;
import dev.stafette.engine.demo.MtaDirectory;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * How many new clients a second a relay can give TLS to: each connects, says EHLO and STARTTLS, shakes hands and is gone.
 * Thread: main.
 */
public final class HandshakeBench {
    @Option(names = "--sessions", paramLabel = "N", description = "Clients at a time.")
    private int sessionCount = 32;

    @Option(names = "--seconds", paramLabel = "N", description = "Of a round.")
    private int seconds = 5;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, behind one of warm-up.")
    private int roundCount = 3;

    @Option(names = "--key", paramLabel = "rsa|ecdsa", description = "Of the relay: RSA of 2048 bits, ECDSA of P-256.")
    private String key = "ecdsa";

    @Mixin
    private RelayOptions relayOptions = new RelayOptions();

    private HandshakeBench() {}

    /** Returns the exit code. */
    public static int run(String[] words) {
        HandshakeBench bench = new HandshakeBench();
        return BenchCommand.run("handshakes", words, bench, bench.relayOptions, bench::run);
    }

    private boolean run(PrintStream out, String commandLine) throws IOException {
        Path home = Installations.find(relayOptions.installation);
        Path parent = MtaDirectory.createParent(relayOptions.directory, "stafette-bench-");
        try {
            Environment.print(out, home, relayOptions, parent, commandLine);
            BenchTls tls = BenchTls.make(parent, key);
            List<String> mainCf = new ArrayList<>(tls.mainCf());
            // They all come from one address, and in no time.
            mainCf.add("smtpd_client_connection_count_limit = 0");
            try (RelayUnderTest relay = RelayUnderTest.start(home, parent, mainCf, relayOptions)) {
                measure(out, relay, tls.client());
            }
            return true;
        } finally {
            MtaDirectory.delete(parent);
        }
    }

    private void measure(PrintStream out, RelayUnderTest relay, SslContext context) throws IOException {
        out.printf(Locale.ROOT, "%-8s %14s %12s %12s%n", "round", "handshakes/s", "user us", "sys us");
        for (int i = 0; i <= roundCount; i++) {
            CpuTime before = relay.read().cpu();
            double perSecond = round(relay.port(), context);
            CpuTime cpu = relay.read().cpu().since(before);
            double count = Math.max(1, perSecond * seconds);
            out.printf(
                    Locale.ROOT,
                    "%-8s %,14.0f %12.0f %12.0f%n",
                    i == 0 ? "warm-up" : Integer.toString(i),
                    perSecond,
                    cpu.userMicros() / count,
                    cpu.systemMicros() / count);
        }
    }

    private double round(int port, SslContext context) throws IOException {
        LongAdder done = new LongAdder();
        AtomicBoolean isOver = new AtomicBoolean();
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Bootstrap bootstrap = new Bootstrap()
                    .group(loops)
                    .channel(NioSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    // A reset in the place of a good-bye: else the ports of this machine would run out.
                    .option(ChannelOption.SO_LINGER, 0)
                    .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                    .remoteAddress(InetAddress.getLoopbackAddress(), port);
            HandshakeSession.Round round = new HandshakeSession.Round(bootstrap, context, done, isOver);
            for (int i = 0; i < sessionCount; i++) {
                HandshakeSession.connect(round);
            }
            TimeUnit.SECONDS.sleep(seconds);
            double perSecond = done.sum() / (double) seconds;
            isOver.set(true);
            return perSecond;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }
}
