// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Speaks Postfix's policy delegation protocol. The local part of the recipient says what it answers: {@code say-NAME}, the
 * value of the attribute; {@code do-WORD}, that action; all else: dunno.
 */
final class PolicyServer implements AutoCloseable {
    private final ServerSocket server;

    private PolicyServer(ServerSocket server) {
        this.server = server;
    }

    static PolicyServer open() {
        try {
            PolicyServer policy = new PolicyServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            start(policy::accept);
            return policy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "policy");
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

    private static void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            Map<String, String> attributes = new HashMap<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    attributes.put(line.substring(0, equals), line.substring(equals + 1));
                } else {
                    String answer = answer(attributes);
                    if (answer.isEmpty()) {
                        return;
                    }
                    socket.getOutputStream().write((answer + "\n\n").getBytes(StandardCharsets.UTF_8));
                    attributes.clear();
                }
            }
        } catch (IOException closed) {
            // It has no more questions.
        }
    }

    /** Empty: hangs up. */
    private static String answer(Map<String, String> attributes) {
        String recipient = attributes.getOrDefault("recipient", "");
        String word = recipient.replaceFirst("@.*", "");
        if (word.startsWith("say-")) {
            String name = word.substring(4);
            return "action=550 5.7.1 " + name + " is <" + attributes.getOrDefault(name, "not there") + ">";
        }
        if (word.startsWith("do-")) {
            return "action=" + word.substring(3).replace('_', ' ');
        }
        return switch (word) {
            case "hangup" -> "";
            case "nonsense" -> "what=ever";
            default -> "action=DUNNO";
        };
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
