// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A milter that wants to hear everything and goes on after each of it, in its own time, and remembers what it was told of the last message.
 * Thread: any; it has one for each connection.
 */
final class YesMilter implements AutoCloseable {
    private static final int VERSION = 6;
    private static final byte[] GO_ON = {0, 0, 0, 1, 'c'};

    private final ServerSocket listener;
    private final long answerNs;

    // Guarded by this.
    private List<byte[]> lastMessage = List.of();

    private YesMilter(ServerSocket listener, long answerNs) {
        this.listener = listener;
        this.answerNs = answerNs;
    }

    /** {@code answerMs}: how long it takes for each answer. */
    static YesMilter open(long answerMs) throws IOException {
        YesMilter milter = new YesMilter(
                new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), TimeUnit.MILLISECONDS.toNanos(answerMs));
        start(milter::accept);
        return milter;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "yes-milter");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What was said of it, packet by packet. */
    synchronized List<byte[]> lastMessage() {
        return lastMessage;
    }

    private synchronized void keep(List<byte[]> packets) {
        lastMessage = packets;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                socket.setTcpNoDelay(true);
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // At the end.
            return;
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            List<byte[]> message = new ArrayList<>();
            while (true) {
                byte[] packet = in.readNBytes(in.readInt());
                message.add(packet);
                if (packet[0] == 'O') {
                    out.write(ByteBuffer.allocate(17)
                            .putInt(13)
                            .put((byte) 'O')
                            .putInt(VERSION)
                            .array());
                } else if (isAnswered(packet)) {
                    LockSupport.parkNanos(answerNs);
                    out.write(GO_ON);
                }
                if (packet[0] == 'E') {
                    keep(message);
                    message = new ArrayList<>();
                }
            }
        } catch (IOException gone) {
            // The relay has closed, or the benchmark ends.
            return;
        }
    }

    /** Macros, the end of a message that is given up, and of a session are not. */
    static boolean isAnswered(byte[] packet) {
        return "DAQK".indexOf(packet[0]) < 0;
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
