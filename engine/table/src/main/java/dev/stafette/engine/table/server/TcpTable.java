// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.SharedLookups;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import dev.stafette.engine.table.TableHost;
import dev.stafette.engine.table.TableSpec;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code tcp:host:port}: a server of our user's own that answers {@code get KEY} with a line.
 * Thread: any; its questions run on threads of its own.
 *
 * <pre>
 * C: get user%20name@example.com        S: 200 the%20result | 500 no such key | 400 come back later
 * </pre>
 *
 * <p>Like a table of patterns it is asked for the whole key and no part of it.
 */
public final class TcpTable implements Table {
    /** Of a request and of a reply, encoded. */
    static final int LINE_BYTES_MAX = 4096;

    static final long TIMEOUT_MS = 100_000;

    private static final String HEX = "0123456789ABCDEF";

    private final String name;
    private final ServerPool<ChannelSession> pool;
    private final SharedLookups lookups;

    TcpTable(String name, ServerAddress server, long timeoutMs, TableHost host) {
        this.name = name;
        this.pool = new ServerPool<>(
                List.of(server),
                address -> ChannelSession.connect(address, timeoutMs),
                ServerPool.Order.AS_LISTED,
                timeoutMs,
                host::nanoTime);
        this.lookups = new SharedLookups(name, this::answer, host);
    }

    public static TcpTable open(TableSpec spec, TableHost host) {
        try {
            return new TcpTable(spec.toString(), ServerAddress.parse(spec.name(), -1, host.ports()), TIMEOUT_MS, host);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(spec + " (expected: tcp:host:port: " + e.getMessage() + ")");
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return inquiry.ask(lookups, key);
    }

    private TableAnswer answer(String key) {
        try {
            return answerTo(pool.call(session -> ask(session, key)));
        } catch (IOException e) {
            return TableAnswer.unavailable(name + ": " + e.getMessage());
        }
    }

    private static String ask(ChannelSession session, String key) throws IOException {
        String request = "get " + encode(key) + "\n";
        session.send(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
        String reply = session.reader().readLine(LINE_BYTES_MAX);
        if (!reply.matches("[245]00 .*")) {
            throw new ProtocolException("bad reply: " + printable(reply));
        }
        return reply;
    }

    private TableAnswer answerTo(String reply) throws ProtocolException {
        String text = decode(reply.substring("200 ".length()));
        return switch (reply.charAt(0)) {
            case '2' -> TableAnswer.found(text);
            case '5' -> TableAnswer.notFound();
            default -> TableAnswer.unavailable(name + ": " + text);
        };
    }

    static String encode(String text) {
        StringBuilder to = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > ' ' && b < 0x7f && b != '%') {
                to.append((char) b);
            } else {
                to.append('%').append(HEX.charAt(b >> 4 & 0xf)).append(HEX.charAt(b & 0xf));
            }
        }
        return to.toString();
    }

    static String decode(String text) throws ProtocolException {
        byte[] from = text.getBytes(StandardCharsets.UTF_8);
        byte[] to = new byte[from.length];
        int length = 0;
        for (int i = 0; i < from.length; i++) {
            byte b = from[i];
            if (b == '%') {
                int high = digit(from, i + 1);
                int low = digit(from, i + 2);
                if (high < 0 || low < 0) {
                    throw new ProtocolException("bad reply: " + printable(text));
                }
                b = (byte) (high << 4 | low);
                i += 2;
            }
            to[length++] = b;
        }
        return new String(to, 0, length, StandardCharsets.UTF_8);
    }

    private static int digit(byte[] from, int index) {
        return index < from.length ? Character.digit(from[index], 16) : -1;
    }

    /** For a message: short, and without what a terminal would take for a command. */
    static String printable(String text) {
        StringBuilder to = new StringBuilder();
        for (int i = 0; i < text.length() && i < 100; i++) {
            char c = text.charAt(i);
            to.append(c < ' ' || c == 0x7f ? '?' : c);
        }
        return to.toString();
    }

    @Override
    public boolean isFixedText() {
        return false;
    }

    @Override
    public void close() {
        pool.close();
    }
}
