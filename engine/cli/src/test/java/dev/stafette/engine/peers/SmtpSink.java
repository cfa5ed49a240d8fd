// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.peers;

import dev.stafette.codec.testing.Programs;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Postfix's smtp-sink, which writes every transaction into one file. */
final class SmtpSink implements AutoCloseable {
    private static final String START = "X-Client-Addr: ";

    private final Process process;
    private final Path dump;
    private final int port;

    /** One transaction as it came: the commands' arguments in fields at the top, then the message. */
    record Transaction(String text) {
        boolean isFor(String recipient) {
            return text.contains("\nX-Rcpt-Args: <" + recipient + ">");
        }

        List<String> arguments(String command) {
            String field = "X-" + command + "-Args: ";
            return text.lines()
                    .takeWhile(line -> !line.startsWith("Received:"))
                    .filter(line -> line.startsWith(field))
                    .map(line -> line.substring(field.length()))
                    .toList();
        }

        /** The program puts an empty line behind each. */
        boolean isWhole() {
            return text.endsWith("\n\n") && text.indexOf("\n\n") < text.length() - 2;
        }

        String body() {
            return text.substring(text.indexOf("\n\n") + 2);
        }
    }

    private SmtpSink(Process process, Path dump, int port) {
        this.process = process;
        this.dump = dump;
        this.port = port;
    }

    /** Returns when it listens. */
    static SmtpSink open(Path parent) throws IOException, InterruptedException {
        String program = Programs.require("smtp-sink").toString();
        // Started by root it wants to be somebody else, who must be able to write here.
        Path directory = Files.createDirectory(parent.resolve("sink"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path dump = directory.resolve("transactions");
        List<String> line = new ArrayList<>(List.of(program));
        if ("root".equals(System.getProperty("user.name"))) {
            line.addAll(List.of("-u", "nobody"));
        }
        line.addAll(List.of("-D", dump.toString(), "127.0.0.1:" + port, "1000"));
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        SmtpSink sink = new SmtpSink(process, dump, port);
        sink.awaitPort();
        return sink;
    }

    private void awaitPort() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return;
            } catch (ConnectException notYet) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        throw new IOException("smtp-sink did not start: " + Files.readString(dump.resolveSibling("output")));
    }

    int port() {
        return port;
    }

    /** All there are up to now; the newest may be incomplete. */
    List<Transaction> transactions() throws IOException {
        if (!Files.exists(dump)) {
            return List.of();
        }
        String text = Files.readString(dump, StandardCharsets.ISO_8859_1);
        return Arrays.stream(text.split("(?m)^(?=" + START + ")"))
                .filter(part -> part.startsWith(START))
                .map(Transaction::new)
                .toList();
    }

    /** Those with a recipient of this domain, when there are so many of them. */
    List<Transaction> await(String domain, int count) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(300);
        while (true) {
            awaitPause();
            List<Transaction> found = transactions().stream()
                    .filter(one -> one.arguments("Rcpt").stream().anyMatch(to -> to.contains("@" + domain + ">")))
                    .filter(Transaction::isWhole)
                    .toList();
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(domain + ": only " + found.size() + " of " + count + " arrived");
            }
        }
    }

    /** The file is large: it is read when it does not grow any more. */
    private void awaitPause() throws IOException, InterruptedException {
        long before;
        long now = -1;
        do {
            before = now;
            TimeUnit.MILLISECONDS.sleep(50);
            now = Files.exists(dump) ? Files.size(dump) : -1;
        } while (now != before);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
