// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A policy server that answers a request, all its lines, as a test says; an empty answer hangs up, "-" keeps silent. */
final class ScriptedPolicy implements AutoCloseable {
    /** For as many as a test has connect at the same time. */
    private static final int BACKLOG = 500;

    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<SocketChannel> connections = new CopyOnWriteArrayList<>();

    private final ServerSocketChannel server;
    private final UnaryOperator<String> script;

    private ScriptedPolicy(SocketAddress address, UnaryOperator<String> script) {
        this.script = script;
        try {
            server = address instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            server.bind(address, BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    static ScriptedPolicy onTcp(UnaryOperator<String> script) {
        return new ScriptedPolicy(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
    }

    static ScriptedPolicy onUnix(Path socket, UnaryOperator<String> script) {
        return new ScriptedPolicy(UnixDomainSocketAddress.of(socket), script);
    }

    String address() {
        try {
            return "inet:127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-policy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel connection = server.accept();
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException over) {
            return;
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(Channels.newInputStream(connection), StandardCharsets.UTF_8));
            StringBuilder request = new StringBuilder();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty()) {
                    request.append(line).append('\n');
                    continue;
                }
                requests.add(request.toString());
                String answer = script.apply(request.toString());
                request.setLength(0);
                if (answer.isEmpty()) {
                    return;
                }
                if (!answer.equals("-")) {
                    connection.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException over) {
            return;
        }
    }

    /** Returns when so many have come. */
    void awaitRequests(int count) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (requests.size() < count && System.nanoTime() - deadlineNs < 0) {
            Thread.yield();
        }
    }

    /** As a server does that has waited long enough. */
    void hangUp() throws IOException {
        for (SocketChannel connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
    }
}
