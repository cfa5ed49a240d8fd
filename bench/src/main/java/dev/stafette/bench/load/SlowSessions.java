// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Sessions that only take up places: each has said EHLO, and sends the next byte of a command that does not end every 20 s.
 * Thread: main, and one of its own that sends.
 */
final class SlowSessions implements AutoCloseable {
    private static final long BYTE_NS = TimeUnit.SECONDS.toNanos(20);

    /** As many as a server takes from one address. */
    private static final int PER_ADDRESS = 50;

    private final List<SocketChannel> sessions = new ArrayList<>();
    private final Thread thread = new Thread(this::drip, "slow-sessions");
    private volatile boolean stopping;

    private SlowSessions() {}

    /** Returns when all are greeted; 0: there are none. */
    static SlowSessions open(int port, int count) throws IOException {
        SlowSessions slow = new SlowSessions();
        try {
            for (int i = 0; i < count; i++) {
                slow.sessions.add(connect(port, i / PER_ADDRESS));
            }
        } catch (IOException e) {
            slow.close();
            throw e;
        }
        slow.thread.setDaemon(true);
        slow.thread.start();
        return slow;
    }

    /** From 127.2.0.1 on. */
    private static SocketChannel connect(int port, int host) throws IOException {
        byte[] from = {127, 2, (byte) (host / 250), (byte) (1 + host % 250)};
        SocketChannel session = SocketChannel.open();
        session.bind(new InetSocketAddress(InetAddress.getByAddress(from), 0));
        session.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        expect(session, "220");
        write(session, "EHLO slow.src.test\r\n");
        expect(session, "250");
        write(session, "NOOP ");
        return session;
    }

    private static void write(SocketChannel session, String text) throws IOException {
        session.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Reads a reply, which comes in one piece. */
    private static void expect(SocketChannel session, String code) throws IOException {
        ByteBuffer heard = ByteBuffer.allocate(1024);
        session.read(heard);
        String text = new String(heard.array(), 0, heard.position(), StandardCharsets.US_ASCII);
        if (!text.startsWith(code)) {
            session.close();
            throw new IOException("the relay said to a slow session: " + text + " (expected: " + code + ")");
        }
    }

    /** One after the other, evenly spread over the time. */
    private void drip() {
        ByteBuffer next = ByteBuffer.wrap(new byte[] {'x'}).asReadOnlyBuffer();
        while (!stopping && !sessions.isEmpty()) {
            for (SocketChannel session : sessions) {
                try {
                    session.write(next.duplicate());
                    TimeUnit.NANOSECONDS.sleep(BYTE_NS / sessions.size());
                } catch (IOException gone) {
                    // Counted at the end.
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /** Says how many the relay still has; whether those are all. */
    boolean check(PrintStream out) throws IOException {
        if (sessions.isEmpty()) {
            return true;
        }
        int count = 0;
        for (SocketChannel session : sessions) {
            // Nothing is said to it, unless it is the last word.
            session.configureBlocking(false);
            count += session.read(ByteBuffer.allocate(1)) == 0 ? 1 : 0;
        }
        out.printf(Locale.ROOT, "%n%,d of %,d slow sessions were there until the end%n", count, sessions.size());
        return count == sessions.size();
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        thread.interrupt();
        for (SocketChannel session : sessions) {
            session.close();
        }
    }
}
