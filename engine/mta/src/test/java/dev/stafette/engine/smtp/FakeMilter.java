// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A milter that answers each command as a test says: with packets, one char a byte; nothing for "", and "!" hangs up. */
final class FakeMilter implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Function<Character, String> answers;
    private final String options;
    final List<Character> heard = new CopyOnWriteArrayList<>();

    /** {@code options}: the answer to its first packet, without the length. */
    FakeMilter(String options, Function<Character, String> answers) throws IOException {
        this.options = options;
        this.answers = answers;
        start(this::accept);
    }

    /** Of the version 6, which wants everything, and answers what is not said otherwise with "go on". */
    FakeMilter(Function<Character, String> answers) throws IOException {
        this("O\0\0\0\6\0\0\1\u00ff\0\0\0\0", answers);
    }

    String address() {
        return "inet:127.0.0.1:" + server.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fake-milter");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] packet = new byte[in.readInt()];
                in.readFully(packet);
                char command = (char) packet[0];
                heard.add(command);
                String answer = command == 'O' ? options : "DAQ".indexOf(command) >= 0 ? "" : answers.apply(command);
                if (answer.equals("!")) {
                    return;
                }
                if (!answer.isEmpty()) {
                    byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
                    out.writeInt(bytes.length);
                    out.write(bytes);
                }
            }
        } catch (IOException closed) {
            // The other side has gone.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
