// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.demo.MtaDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends mail to a running mail system, and runs commands against it in this JVM as if they were processes of their own. */
class MtaClient {
    private static final int AWAIT_S = 60;

    private final MtaDirectory directory;

    MtaClient(MtaDirectory directory) {
        this.directory = directory;
    }

    public MtaDirectory directory() {
        return directory;
    }

    public Spoken run(String... words) {
        return runWithInput("", words);
    }

    Spoken runWithInput(String input, String... words) {
        return Spoken.of(Map.of("MAIL_CONFIG", directory.path().toString()), input, words);
    }

    /** Sends a message through the front door; returns its queue id. */
    String send(String sender, String content, String... recipients) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), directory.port())) {
            socket.setSoTimeout(60_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            in.readLine();
            say(socket, in, "HELO test");
            say(socket, in, "MAIL FROM:<" + sender + ">");
            for (String recipient : recipients) {
                say(socket, in, "RCPT TO:<" + recipient + ">");
            }
            say(socket, in, "DATA");
            String answer = say(socket, in, content.replace("\n", "\r\n") + "\r\n.");
            return answer.substring(answer.lastIndexOf(' ') + 1);
        }
    }

    private static String say(Socket socket, BufferedReader in, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        String answer = in.readLine();
        if (answer == null || answer.charAt(0) > '3') {
            throw new IOException(line + ": " + answer);
        }
        return answer;
    }

    /** The queue as {@code postqueue -j} has it. */
    List<JsonObject> queue() {
        Spoken said = run("postqueue", "-j");
        if (said.exitCode() != 0) {
            throw new AssertionError("it is not known what is in the queue: " + said);
        }
        List<JsonObject> messages = new ArrayList<>();
        for (String line : said.out().split("\n")) {
            JsonObject message = JsonObject.parse(line);
            if (message != null) {
                messages.add(message);
            }
        }
        return messages;
    }

    /** Where a message is; empty when it is nowhere. */
    String queueOf(String id) {
        for (JsonObject message : queue()) {
            if (message.text("queue_id").equals(id)) {
                return message.text("queue_name");
            }
        }
        return "";
    }

    String log() throws IOException {
        return Files.readString(directory.path().resolve("mail.log"));
    }

    void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_S);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + AWAIT_S + " s: " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A line is written a while after what it tells of. */
    void awaitLog(String text) {
        awaitLog(Pattern.compile("(" + Pattern.quote(text) + ")"));
    }

    /** Returns the group of what it finds first. */
    String awaitLog(Pattern pattern) {
        List<String> found = new ArrayList<>();
        await(pattern.toString(), () -> {
            try {
                Matcher matcher = pattern.matcher(log());
                return matcher.find() && found.add(matcher.group(1));
            } catch (IOException e) {
                return false;
            }
        });
        return found.get(0);
    }
}
