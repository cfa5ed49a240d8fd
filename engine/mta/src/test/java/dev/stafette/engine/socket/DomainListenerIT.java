// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(180)
class DomainListenerIT {
    @TempDir
    private Path directory;

    /** Sends back what comes. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesByEitherKindOfSocket(DomainSockets kind) throws IOException {
        Assumptions.assumeTrue(
                kind == DomainSockets.NIO || DomainSockets.ofThisMachine() == kind, "skipped: no epoll here");
        Path socket = directory.resolve("socket");
        Files.writeString(socket, "left by a process that died");
        String[] thread = new String[1];
        DomainListener listener = DomainListener.open(kind, socket, "rw-rw----", "a-door", channel -> {
            thread[0] = Thread.currentThread().getName();
            channel.pipeline().addLast(new Echo());
        });
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            client.write(ByteBuffer.wrap(new byte[] {42}));
            // Half a close is none.
            client.shutdownOutput();
            ByteBuffer in = ByteBuffer.allocate(2);
            assertEquals(1, client.read(in));
            assertEquals(42, in.get(0));
            assertEquals("a-door", thread[0]);
            listener.close();
            assertTrue(client.read(in) < 0);
        }
        assertFalse(Files.exists(socket));
    }

    /** Its loop is busy for longer than it is waited for. */
    @ParameterizedTest
    @EnumSource
    void leavesTheSocketOfTheNextOneAlone(DomainSockets kind) throws IOException {
        Assumptions.assumeTrue(
                kind == DomainSockets.NIO || DomainSockets.ofThisMachine() == kind, "skipped: no epoll here");
        Path socket = directory.resolve("socket");
        DomainListener first = DomainListener.open(kind, socket, "rw-rw----", "first", channel -> {});
        first.loop().execute(() -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_300)));
        first.close();
        DomainListener second = DomainListener.open(kind, socket, "rw-rw----", "second", channel -> {});
        first.loop().terminationFuture().awaitUninterruptibly();
        assertTrue(Files.exists(socket));
        second.close();
        assertFalse(Files.exists(socket));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhichSocketCannotBeMade(DomainSockets kind) {
        Assumptions.assumeTrue(
                kind == DomainSockets.NIO || DomainSockets.ofThisMachine() == kind, "skipped: no epoll here");
        Path socket = directory.resolve("missing").resolve("socket");
        IOException refusal = assertThrows(
                IOException.class, () -> DomainListener.open(kind, socket, "rw-rw----", "a-door", channel -> {}));
        assertTrue(refusal.getMessage().startsWith(socket + ": "), refusal.getMessage());
    }
}
