// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A site that takes a message and answers only when it is told to. */
final class SlowSite implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    /** Written by the test before {@link #answer}, read by sessions. */
    private volatile String reply = "250 ok";

    SlowSite() throws IOException {
        Thread thread = new Thread(this::serve, "slow-site");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.getLocalPort();
    }

    void awaitMessage() throws InterruptedException {
        arrived.await();
    }

    void answer(String text) {
        reply = text;
        answer.countDown();
    }

    private void serve() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Thread thread = new Thread(() -> talk(socket), "slow-session");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            say(socket, "220 slow.test");
            boolean inData = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (inData) {
                    if (line.equals(".")) {
                        inData = false;
                        arrived.countDown();
                        answer.await();
                        say(socket, reply);
                    }
                } else if (line.equals("DATA")) {
                    inData = true;
                    say(socket, "354 go");
                } else {
                    say(socket, "250 ok");
                }
            }
        } catch (IOException | InterruptedException e) {
            // The test is over.
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        answer.countDown();
        listener.close();
    }
}
