// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpReply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was said in an SMTP session, without the content of messages. Of one that goes on for long the beginning is forgotten.
 * Thread: its owner's.
 */
public final class Transcript {
    static final int TURNS_MAX = 500;
    static final int BYTES_MAX = 64 << 10;

    /** Whose turn it is, and how many bytes follow. */
    private static final int HEAD_BYTES = 4;

    private static final byte CLIENT = 0;
    private static final byte SERVER = 1;
    private static final int FIRST_BYTES = 512;
    private static final byte[] OK = ascii("250 2.0.0 Ok: ");
    private static final byte[] BYTES = ascii(" bytes ");
    private static final byte[] QUEUED_AS = ascii("queued as ");

    // Owned by the owner.
    /** One turn behind the other, so that what is said costs nothing but its bytes, over and over. */
    private byte[] turns = new byte[FIRST_BYTES];

    /** From here on turns are remembered. */
    private int first;

    private int end;
    private int turnCount;
    private int lineCount;
    private int forgottenCount;

    /** {@code line}: the client's, without its end. */
    public void hear(byte[] line) {
        begin(CLIENT, line.length);
        put(line);
        end(1);
    }

    /** The line that has been read last. */
    public void hear(SmtpLineDecoder line) {
        begin(CLIENT, line.length());
        line.copyTo(turns, end);
        end += line.length();
        end(1);
    }

    public void say(SmtpReply reply) {
        begin(SERVER, reply.wireBytes());
        reply.copyTo(turns, end);
        end += reply.wireBytes();
        end(reply.lines().size());
    }

    /** The reply that ends a message; {@code chunkedBytes} negative: it has not come in chunks. */
    public void sayQueued(String queueId, long chunkedBytes) {
        boolean isChunked = chunkedBytes >= 0;
        String bytes = isChunked ? Long.toString(chunkedBytes) : "";
        int size = isChunked ? bytes.length() + BYTES.length : 0;
        begin(SERVER, OK.length + size + QUEUED_AS.length + queueId.length());
        put(OK);
        if (isChunked) {
            put(bytes);
            put(BYTES);
        }
        put(QUEUED_AS);
        put(queueId);
        end(1);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void put(byte[] text) {
        System.arraycopy(text, 0, turns, end, text.length);
        end += text.length;
    }

    private void put(String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            turns[end++] = (byte) ascii.charAt(i);
        }
    }

    private void begin(byte who, int length) {
        int wanted = end + HEAD_BYTES + length;
        if (wanted > turns.length) {
            turns = Arrays.copyOf(turns, Math.max(wanted, 2 * turns.length));
        }
        turns[end] = who;
        turns[end + 1] = (byte) (length >> 16);
        turns[end + 2] = (byte) (length >> 8);
        turns[end + 3] = (byte) length;
        end += HEAD_BYTES;
    }

    private int lengthAt(int turn) {
        return (turns[turn + 1] & 0xff) << 16 | (turns[turn + 2] & 0xff) << 8 | turns[turn + 3] & 0xff;
    }

    private void end(int lines) {
        turnCount++;
        lineCount += lines;
        while (turnCount > TURNS_MAX || end - first > BYTES_MAX && turnCount > 1) {
            first += HEAD_BYTES + lengthAt(first);
            turnCount--;
            forgottenCount++;
        }
        if (first > BYTES_MAX) {
            System.arraycopy(turns, first, turns, 0, end - first);
            end -= first;
            first = 0;
        }
    }

    /** Of all that was said since the last {@link #clear}. */
    public int lineCount() {
        return lineCount;
    }

    public void clear() {
        first = 0;
        end = 0;
        turnCount = 0;
        lineCount = 0;
        forgottenCount = 0;
    }

    /** What the client said stands behind {@code In:}. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (forgottenCount > 0) {
            lines.add("(the first " + forgottenCount + " turns are left out)");
        }
        int at = first;
        while (at < end) {
            int length = lengthAt(at);
            String text = new String(turns, at + HEAD_BYTES, length, StandardCharsets.UTF_8);
            if (turns[at] == CLIENT) {
                lines.add("In:  " + text);
            } else {
                text.lines().forEach(line -> lines.add("Out: " + line));
            }
            at += HEAD_BYTES + length;
        }
        return lines;
    }
}
