// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.loop.ReusedBuffer;
import dev.stafette.delivery.loop.ReusedReads;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.KeptQueue;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.metrics.Metrics;
import dev.stafette.engine.names.HostsFile;
import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.table.Inquirer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A session without a network: bytes go in, replies come out, and time passes when it is told to. */
final class TestClient implements AutoCloseable {
    /** A moment in 2026. */
    private static final long EPOCH_MS = 1_767_225_600_000L;

    /** A channel that comes from somewhere. */
    private static final class PeerChannel extends EmbeddedChannel {
        private final InetSocketAddress peer;

        PeerChannel(InetSocketAddress peer) {
            this.peer = peer;
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return peer;
        }
    }

    private final KeptQueue queue;
    private final KeptLog log = new KeptLog();
    /** Counts what is not released. */
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    private final Metrics metrics = new Metrics(0);
    private final PeerChannel channel;
    private final ServerLoop loop;
    private final ServiceLoop service;
    private long nowNs;

    /** Any name that is asked for is known. */
    private static final class KnownNames implements ReverseLookup {
        @Override
        public void find(InetAddress address, Consumer<ClientName> then) {
            then.accept(ClientName.of("client.test"));
        }
    }

    TestClient(KeptQueue queue, String address, List<String> mainCfLines) {
        this(queue, address, TestHost.settings(mainCfLines));
    }

    TestClient(KeptQueue queue, String address, SmtpServerSettings settings) {
        this.queue = queue;
        this.channel = new PeerChannel(new InetSocketAddress(TestHost.ip(address), 40_000));
        channel.freezeTime();
        channel.config().setAllocator(allocator);
        IntakeLoop intake = new IntakeLoop(channel.eventLoop(), allocator, queue, ZoneOffset.UTC, 1 << 20);
        LoopParts shared = new LoopParts(
                intake,
                new ClientNames(channel.eventLoop(), HostsFile.of(List.of()), new KnownNames()),
                new Inquirer(channel.eventLoop(), () -> nowNs),
                metrics.openMeter("test"),
                () -> nowNs,
                () -> EPOCH_MS,
                new ReusedReads(channel.alloc(), 1 << 10),
                new ReusedBuffer(channel.alloc(), 1 << 10));
        this.loop = new ServerLoop(channel.eventLoop(), shared);
        this.service = new ServiceLoop("smtp", settings, log.log(), shared, new ClientCounts());
        channel.pipeline().addLast(new SmtpServerHandler(service, loop));
    }

    /** Until the greeting, if nothing holds it up. */
    TestClient connect() {
        channel.pipeline().fireChannelActive();
        run();
        return this;
    }

    /** The connection is made, but the server has not had time to greet: an embedded channel that reads runs its tasks. */
    TestClient connectOnly() {
        channel.config().setAutoRead(false);
        channel.pipeline().fireChannelActive();
        return this;
    }

    KeptQueue queue() {
        return queue;
    }

    Metrics metrics() {
        return metrics;
    }

    EmbeddedChannel channel() {
        return channel;
    }

    ServerLoop loop() {
        return loop;
    }

    ServiceLoop service() {
        return service;
    }

    /** One segment; one char a byte. */
    void send(String latin1) {
        send(Unpooled.copiedBuffer(latin1, StandardCharsets.ISO_8859_1));
    }

    void send(ByteBuf segment) {
        if (channel.isActive()) {
            channel.writeInbound(segment);
        } else {
            segment.release();
        }
    }

    /** Lets time pass, and what was scheduled happen. */
    void pass(long ms) {
        for (long passed = 0; passed < ms; passed += 100) {
            nowNs += TimeUnit.MILLISECONDS.toNanos(100);
            channel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            channel.runPendingTasks();
        }
    }

    void run() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    /** What the server has said since the last call. */
    String received() {
        run();
        StringBuilder out = new StringBuilder();
        ByteBuf part;
        while ((part = channel.readOutbound()) != null) {
            out.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return out.toString();
    }

    boolean isClosed() {
        return !channel.isActive();
    }

    /** FIN and RST look the same to an embedded channel. */
    void disconnect() {
        channel.close();
        run();
    }

    /** Ends the log. */
    List<String> logLines() {
        return log.lines();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
        log.close();
        long leaked = allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
        if (leaked != 0) {
            throw new AssertionError("bytes that were not released: " + leaked);
        }
    }
}
