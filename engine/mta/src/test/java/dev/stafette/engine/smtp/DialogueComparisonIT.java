// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.testing.Dialogue;
import dev.stafette.engine.intake.KeptQueue;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The conversations of {@code smtp-lines/dialogues.txt}: what Postfix's smtpd says, ours says, too. */
@Timeout(300)
class DialogueComparisonIT {
    private static final int READ_MS_MAX = 60_000;

    /** @param settings lines of main.cf, {@code name=value}, spaces between them */
    private record Conversation(String settings, List<String> segments) {}

    private static List<Conversation> read() throws IOException {
        List<Conversation> all = new ArrayList<>();
        for (Dialogue.Section section : Dialogue.read(DialogueComparisonIT.class, "/smtp-lines/dialogues.txt")) {
            List<String> segments = new ArrayList<>();
            section.texts("C:").forEach(text -> segments.add(Dialogue.wire(text)));
            segments.add("QUIT\r\n");
            all.add(new Conversation(section.title(), segments));
        }
        return all;
    }

    /** What is said to each segment: without the greeting and ids. */
    private static List<String> ours(Conversation conversation) {
        List<String> mainCf = new ArrayList<>(OurServer.mainCf(OurServer.LENIENT));
        mainCf.add("smtpd_forbid_unauth_pipelining = no");
        mainCf.add("smtpd_forbid_bare_newline = no");
        for (String setting : conversation.settings.split(" ")) {
            if (!setting.isEmpty()) {
                mainCf.add(setting.replace("=", " = "));
            }
        }
        try (TestClient client = new TestClient(new KeptQueue(), "10.0.0.1", mainCf).connect()) {
            client.received();
            List<String> said = new ArrayList<>();
            for (String segment : conversation.segments) {
                client.send(segment);
                said.add(client.received());
            }
            return said;
        }
    }

    /** Reads as many lines as ours had, and what comes behind the last segment. */
    private static List<String> theirs(PostfixServer postfix, int service, Conversation conversation, List<String> ours)
            throws IOException {
        List<String> said = new ArrayList<>();
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MS_MAX);
            socket.connect(postfix.address(service));
            InputStream in = socket.getInputStream();
            lines(in, 1);
            for (int i = 0; i < conversation.segments.size(); i++) {
                try {
                    socket.getOutputStream().write(conversation.segments.get(i).getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException closed) {
                    said.add("");
                    continue;
                }
                boolean isLast = i == conversation.segments.size() - 1;
                said.add(lines(
                        in,
                        isLast ? Integer.MAX_VALUE : (int) ours.get(i).lines().count()));
            }
        }
        return said;
    }

    private static String lines(InputStream in, int count) {
        StringBuilder out = new StringBuilder();
        try {
            StringBuilder line = new StringBuilder();
            int b;
            for (int left = count; left > 0 && (b = in.read()) >= 0; ) {
                line.append((char) b);
                if (b == '\n') {
                    out.append(line);
                    left--;
                    line.setLength(0);
                }
            }
        } catch (SocketTimeoutException e) {
            out.append("(silence)");
        } catch (IOException closed) {
            // It said what it had to.
        }
        return new String(out.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String comparable(String said) {
        return said.replaceAll("queued as \\S+", "queued as ID");
    }

    @Test
    void saysWhatPostfixSays() throws Exception {
        List<Conversation> all = read();
        Map<String, Integer> services = new LinkedHashMap<>();
        all.forEach(one -> services.putIfAbsent(one.settings, services.size()));
        List<String> differences = new ArrayList<>();
        try (PostfixServer postfix = PostfixServer.start(List.copyOf(services.keySet()))) {
            for (Conversation one : all) {
                List<String> ours = ours(one);
                List<String> theirs = theirs(postfix, services.get(one.settings), one, ours);
                for (int i = 0; i < ours.size(); i++) {
                    if (!comparable(theirs.get(i)).equals(comparable(ours.get(i)))) {
                        differences.add(one.settings + " " + one.segments.get(i).strip() + "\n    Postfix: "
                                + theirs.get(i).strip() + "\n    ours:    "
                                + ours.get(i).strip());
                    }
                }
            }
        }
        assertEquals(List.of(), differences, () -> String.join("\n", differences));
    }
}
