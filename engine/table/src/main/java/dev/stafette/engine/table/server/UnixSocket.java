// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A UNIX-domain connection in the shape of a {@code Socket}, for client libraries that know nothing else. It goes to its
 * path, whatever address it is told.
 * Thread: one reader and one writer, not at the same time.
 */
final class UnixSocket extends Socket {
    private final String path;

    // Owned by the thread that uses the connection.
    private @Nullable TimedChannel channel;
    private int soTimeoutMs;

    UnixSocket(String path) {
        this.path = path;
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMs) throws IOException {
        channel = TimedChannel.connect(new ServerAddress(ServerAddress.Kind.UNIX, path, 0), timeoutMs);
    }

    private TimedChannel channel() throws SocketException {
        TimedChannel current = channel;
        if (current == null || !current.isOpen()) {
            throw new SocketException("not connected");
        }
        return current;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                TimedChannel current = channel();
                current.startTimer(soTimeoutMs);
                return current.read(ByteBuffer.wrap(to, offset, length));
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                TimedChannel current = channel();
                current.startTimer(soTimeoutMs);
                current.write(ByteBuffer.wrap(from, offset, length));
            }

            @Override
            public void close() throws IOException {
                UnixSocket.this.close();
            }
        };
    }

    @Override
    public boolean isConnected() {
        return channel != null;
    }

    @Override
    public boolean isBound() {
        return channel != null;
    }

    @Override
    public boolean isClosed() {
        TimedChannel current = channel;
        return current != null && !current.isOpen();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    @Override
    public void setSoTimeout(int timeoutMs) {
        soTimeoutMs = timeoutMs;
    }

    @Override
    public int getSoTimeout() {
        return soTimeoutMs;
    }

    /** The libraries print it. */
    @Override
    public InetAddress getInetAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public InetAddress getLocalAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return 0;
    }

    // What a socket in the file system does not have.

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int seconds) {}

    @Override
    public void setReuseAddress(boolean on) {}

    @Override
    public void setReceiveBufferSize(int bytes) {}

    @Override
    public void setSendBufferSize(int bytes) {}

    @Override
    public void setTrafficClass(int trafficClass) {}

    @Override
    public int getSendBufferSize() {
        return 65_536;
    }

    @Override
    public int getReceiveBufferSize() {
        return 65_536;
    }
}
