// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import dev.stafette.codec.smtp.SmtpReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What was said in an SMTP session, without the content of messages. Of one that goes on for long the beginning is forgotten.
 * Thread: its owner's.
 */
public final class Transcript {
    static final int TURNS_MAX = 500;
    static final int BYTES_MAX = 64 << 10;

    /** A turn of the client is its bytes, one of the server its reply or the text of it. */
    private final ArrayDeque<Object> turns = new ArrayDeque<>(4);

    // Owned by the owner.
    private int byteCount;
    private int lineCount;
    private int forgottenCount;

    /** {@code line}: the client's, without its end; kept. */
    public void hear(byte[] line) {
        add(line);
    }

    public void say(SmtpReply reply) {
        add(reply);
    }

    /** A reply of one line. */
    public void say(String reply) {
        add(reply);
    }

    private void add(Object turn) {
        turns.add(turn);
        byteCount += bytesOf(turn);
        lineCount += linesOf(turn);
        while (turns.size() > TURNS_MAX || byteCount > BYTES_MAX && turns.size() > 1) {
            byteCount -= bytesOf(turns.remove());
            forgottenCount++;
        }
    }

    /** Replies that are said often are there but once. */
    private static int bytesOf(Object turn) {
        return turn instanceof byte[] line ? line.length : 64;
    }

    private static int linesOf(Object turn) {
        return turn instanceof SmtpReply reply ? reply.lines().size() : 1;
    }

    /** Of all that was said since the last {@link #clear}. */
    public int lineCount() {
        return lineCount;
    }

    public void clear() {
        turns.clear();
        byteCount = 0;
        lineCount = 0;
        forgottenCount = 0;
    }

    void print(NoticeText out) {
        if (forgottenCount > 0) {
            out.line(" (the first " + forgottenCount + " turns are left out)");
        }
        for (Object turn : turns) {
            if (turn instanceof byte[] line) {
                out.quoted("In:  " + new String(line, StandardCharsets.UTF_8));
            } else if (turn instanceof SmtpReply reply) {
                List<String> lines = reply.toString().lines().toList();
                lines.forEach(line -> out.quoted("Out: " + line));
            } else {
                out.quoted("Out: " + turn);
            }
        }
    }
}
