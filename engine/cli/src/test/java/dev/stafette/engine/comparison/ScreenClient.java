// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.comparison;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client that is screened. What it does, in words between bars: {@code early TEXT} is said at once, {@code line} waits
 * for the first line, {@code greeting} for a whole reply, {@code pause} until the server has let go of it, {@code others 3} opens three more connections, one behind the other, {@code close} hangs up, {@code half} closes its half, {@code end} waits for the server to close; all else is said,
 * and its reply waited for. A line ends with CRLF, if it does not end with {@code \n} or {@code \}.
 */
final class ScreenClient implements AutoCloseable {
    private static final int READ_MS_MAX = 60_000;
    /** postscreen counts a client it has passed on until smtpd says that it has it, after the greeting. */
    private static final int PASSED_MS = 300;

    private final InetAddress from;
    private final InetSocketAddress server;
    private final Socket socket = new Socket();
    private final BufferedReader in;
    private final List<Socket> others = new ArrayList<>();

    private ScreenClient(InetAddress from, InetSocketAddress server) throws IOException {
        this.from = from;
        this.server = server;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MS_MAX);
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(server);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Returns all that the server says, a line each. */
    static List<String> run(String from, InetSocketAddress server, String script) throws IOException {
        List<String> said = new ArrayList<>();
        try (ScreenClient client = new ScreenClient(InetAddress.getByName(from), server)) {
            for (String step : script.split(" *\\| *")) {
                client.take(step, said);
            }
        }
        return said;
    }

    private void take(String step, List<String> said) throws IOException {
        String[] words = step.split(" ", 2);
        switch (words[0]) {
            case "line" -> said.add(String.valueOf(in.readLine()));
            case "greeting" -> reply(said);
            case "early" -> say(words[1]);
            case "pause" -> pause(PASSED_MS);
            case "others" -> openOthers(Integer.parseInt(words[1]), said);
            case "half" -> socket.shutdownOutput();
            case "close" -> socket.close();
            case "end" -> {
                int before = said.size();
                do {
                    reply(said);
                } while (!said.get(said.size() - 1).startsWith("<") && said.size() < before + 20);
            }
            default -> {
                try {
                    say(step);
                } catch (IOException e) {
                    said.add("<closed>");
                    return;
                }
                reply(said);
            }
        }
    }

    /** What each of them hears first is said. */
    private void openOthers(int count, List<String> said) throws IOException {
        for (int i = 0; i < count; i++) {
            Socket other = new Socket();
            others.add(other);
            other.setSoTimeout(READ_MS_MAX);
            other.bind(new InetSocketAddress(from, 0));
            other.connect(server);
            said.add(new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))
                    .readLine());
        }
    }

    private void say(String text) throws IOException {
        String line = text.endsWith("\\n") || text.endsWith("\\") ? text : text + "\\r\\n";
        String bytes = (line.endsWith("\\n") ? line : line.substring(0, line.length() - 1))
                .replace("\\r", "\r")
                .replace("\\n", "\n");
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void pause(int milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reply(List<String> said) {
        try {
            String line;
            do {
                line = in.readLine();
                said.add(line == null ? "<closed>" : line);
            } while (line != null && line.length() > 3 && line.charAt(3) == '-');
        } catch (SocketTimeoutException e) {
            said.add("<silence>");
        } catch (IOException e) {
            said.add("<closed>");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket other : others) {
            other.close();
        }
    }
}
