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
 * {@code socketmap:inet:host:port:map} and {@code socketmap:unix:/path:map}: Sendmail's protocol, a netstring each way.
 * Thread: any; its questions run on threads of its own.
 *
 * <pre>
 * C: 12:virtual a@b,       S: 13:OK the result, | 9:NOTFOUND , | 10:TEMP later, | TIMEOUT … | PERM …
 * </pre>
 *
 * <p>Like a table of patterns it is asked for the whole key and no part of it. {@code PERM} is not "not found": the server
 * could not say.
 */
public final class SocketmapTable implements Table {
    static final int REPLY_BYTES_MAX = 100_000;
    static final long TIMEOUT_MS = 100_000;

    private static final int LENGTH_DIGITS_MAX = 6;

    private final String name;
    private final String map;
    private final ServerPool<ChannelSession> pool;
    private final SharedLookups lookups;

    private SocketmapTable(String name, String map, ServerAddress server, long timeoutMs, TableHost host) {
        this.name = name;
        this.map = map;
        this.pool = new ServerPool<>(
                List.of(server),
                address -> ChannelSession.connect(address, timeoutMs),
                ServerPool.Order.AS_LISTED,
                timeoutMs,
                host::nanoTime);
        this.lookups = new SharedLookups(name, this::answer, host);
    }

    public static SocketmapTable open(TableSpec spec, TableHost host) {
        try {
            return open(spec.toString(), spec.name(), TIMEOUT_MS, host);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(spec + " (expected: " + e.getMessage() + ")");
        }
    }

    /** Throws an {@link IllegalArgumentException} that says what was expected. */
    public static SocketmapTable open(String name, String serverAndMap, long timeoutMs, TableHost host) {
        int colon = serverAndMap.lastIndexOf(':');
        boolean known = serverAndMap.startsWith("inet:") || serverAndMap.startsWith("unix:");
        if (!known || colon <= "inet:".length() || colon == serverAndMap.length() - 1) {
            throw new IllegalArgumentException("inet:host:port:map or unix:/path:map");
        }
        ServerAddress server = ServerAddress.parse(serverAndMap.substring(0, colon), -1, host.ports());
        return new SocketmapTable(name, serverAndMap.substring(colon + 1), server, timeoutMs, host);
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        return inquiry.ask(lookups, key);
    }

    private TableAnswer answer(String key) {
        try {
            return answerTo(pool.call(session -> ask(session, map + " " + key)));
        } catch (IOException e) {
            return TableAnswer.unavailable(name + ": " + e.getMessage());
        }
    }

    private static String ask(ChannelSession session, String request) throws IOException {
        byte[] text = request.getBytes(StandardCharsets.UTF_8);
        byte[] length = (text.length + ":").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer netstring = ByteBuffer.allocate(length.length + text.length + 1);
        session.send(netstring.put(length).put(text).put((byte) ',').flip());
        ChannelReader reader = session.reader();
        byte[] reply = reader.readBytes(lengthOf(reader));
        if (reader.readByte() != ',') {
            throw new ProtocolException("bad reply: no comma at the end of the netstring");
        }
        return new String(reply, StandardCharsets.UTF_8);
    }

    private static int lengthOf(ChannelReader reader) throws IOException {
        int length = 0;
        int digits = 0;
        int b;
        while ((b = reader.readByte()) != ':') {
            if (b < '0' || b > '9' || ++digits > LENGTH_DIGITS_MAX) {
                throw new ProtocolException("bad reply: not a netstring");
            }
            length = length * 10 + b - '0';
        }
        if (digits == 0 || length > REPLY_BYTES_MAX) {
            throw new ProtocolException(
                    digits == 0 ? "bad reply: not a netstring" : "a reply longer than " + REPLY_BYTES_MAX + " bytes");
        }
        return length;
    }

    private TableAnswer answerTo(String reply) {
        int space = reply.indexOf(' ');
        String status = space < 0 ? reply : reply.substring(0, space);
        String text = space < 0 ? "" : reply.substring(space + 1);
        return switch (status) {
            case "OK" -> TableAnswer.found(text);
            case "NOTFOUND" -> TableAnswer.notFound();
            case "TEMP", "TIMEOUT", "PERM" -> TableAnswer.unavailable(name + ": " + status + " " + text);
            default -> TableAnswer.unavailable(name + ": bad reply: " + TcpTable.printable(reply));
        };
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
