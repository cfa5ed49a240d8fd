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
import org.jspecify.annotations.Nullable;

/**
 * {@code memcache:/file}: values that other programs keep in memcached, or a cache in front of another table, the
 * {@code backup}.
 * Thread: any; its questions run on threads of its own.
 *
 * <p>memcached forgets when it likes. So with a backup, that table decides: its answer holds whether the cache has no such
 * key or cannot be reached, and what it finds is put into the cache.
 */
public final class MemcacheTable implements Table {
    static final int DEFAULT_PORT = 11211;

    /** memcached's own limit. */
    private static final int KEY_BYTES_MAX = 250;

    private final String name;
    private final TableHost host;
    private final DomainFilter domains;
    private final KeyTemplate keyFormat;
    private final MemcacheLimits limits;
    private final @Nullable Table backup;
    private final ServerPool<ChannelSession> pool;
    private final SharedLookups lookups;

    private record MemcacheLimits(
            int flags, int ttlSeconds, int lineBytes, int dataBytes, int attempts, long retryPauseMs) {}

    private MemcacheTable(TableParameters parameters, TableHost host) {
        this.name = parameters.table();
        this.host = host;
        this.keyFormat = parameters.template("key_format", "%s");
        this.limits = new MemcacheLimits(
                parameters.count("flags", 0, 0),
                (int) (parameters.timeMs("ttl", 3_600_000, 0) / 1000),
                parameters.count("line_size_limit", 1024, 1),
                parameters.count("data_size_limit", 10_240, 1),
                parameters.count("max_try", 2, 1),
                parameters.timeMs("retry_pause", 1000, 0));
        List<ServerAddress> servers = parameters.servers("memcache", "inet:localhost:11211", DEFAULT_PORT);
        long timeoutMs = parameters.timeMs("timeout", 2000, 1000);
        this.pool = new ServerPool<>(
                servers,
                address -> ChannelSession.connect(address, timeoutMs),
                ServerPool.Order.AS_LISTED,
                timeoutMs,
                host::nanoTime);
        this.lookups = new SharedLookups(name, this::answer, host);
        // Last, as they hold what must be closed.
        this.domains = DomainFilter.read(parameters, host);
        this.backup = backupOf(parameters, host);
    }

    public static Table open(TableSpec spec, TableHost host) {
        return new MemcacheTable(TableParameters.read(spec, host), host);
    }

    private static @Nullable Table backupOf(TableParameters parameters, TableHost host) {
        if (!parameters.has("backup")) {
            return null;
        }
        try {
            return host.open(parameters.required("backup"));
        } catch (ConfigException e) {
            throw parameters.bad("backup", "a table: " + e.getMessage());
        }
    }

    @Override
    public TableAnswer lookup(String key, Inquiry inquiry) {
        TableAnswer known = domains.answerWithout(LookupKey.of(key, host), inquiry);
        return known == null ? inquiry.ask(lookups, key) : known;
    }

    private TableAnswer answer(String key) {
        String cacheKey = keyFormat.expand(LookupKey.of(key, host), (text, to) -> to.append(text));
        if (cacheKey == null || !isValid(cacheKey)) {
            return TableAnswer.notFound();
        }
        TableAnswer cached = lookupCached(cacheKey);
        if (backup == null || cached.isFound()) {
            return cached;
        }
        TableAnswer answer = backup.lookup(key, Inquiry.BLOCKING);
        if (answer.isFound() && !cached.isUnavailable()) {
            store(cacheKey, answer.value());
        }
        return answer;
    }

    private TableAnswer lookupCached(String cacheKey) {
        if (cacheKey.getBytes(StandardCharsets.UTF_8).length > KEY_BYTES_MAX) {
            return TableAnswer.unavailable(name + ": a key longer than " + KEY_BYTES_MAX + " bytes");
        }
        try {
            return callPatiently(session -> get(session, cacheKey));
        } catch (IOException e) {
            return TableAnswer.unavailable(name + ": " + e.getMessage());
        }
    }

    private <R> R callPatiently(ServerPool.Use<ChannelSession, R> use) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return pool.call(use);
            } catch (IOException e) {
                if (attempt == limits.attempts) {
                    throw e;
                }
                pause();
            }
        }
    }

    private void pause() throws IOException {
        try {
            Thread.sleep(limits.retryPauseMs);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The backup's answer is good without it. */
    private void store(String cacheKey, String value) {
        byte[] data = value.getBytes(StandardCharsets.UTF_8);
        if (data.length > limits.dataBytes) {
            return;
        }
        try {
            pool.call(session -> set(session, cacheKey, data));
        } catch (IOException e) {
            // The next lookup meets the same server, and says so if it matters.
            return;
        }
    }

    private TableAnswer get(ChannelSession session, String cacheKey) throws IOException {
        session.send(ByteBuffer.wrap(("get " + cacheKey + "\r\n").getBytes(StandardCharsets.UTF_8)));
        ChannelReader reader = session.reader();
        String line = reader.readLine(limits.lineBytes);
        if (line.equals("END")) {
            return TableAnswer.notFound();
        }
        String[] words = line.split(" ");
        if (words.length < 4 || !words[0].equals("VALUE") || !words[1].equals(cacheKey)) {
            throw badReply(line);
        }
        byte[] data = reader.readBytes(sizeOf(words[3], line));
        if (!reader.readLine(limits.lineBytes).isEmpty()
                || !reader.readLine(limits.lineBytes).equals("END")) {
            throw new ProtocolException("bad reply: no END behind the value");
        }
        return TableAnswer.found(new String(data, StandardCharsets.UTF_8));
    }

    private int sizeOf(String word, String line) throws ProtocolException {
        if (!word.matches("[0-9]{1,9}")) {
            throw badReply(line);
        }
        int size = Integer.parseInt(word);
        if (size > limits.dataBytes) {
            throw new ProtocolException("a value of " + size + " bytes (data_size_limit: " + limits.dataBytes + ")");
        }
        return size;
    }

    private boolean set(ChannelSession session, String cacheKey, byte[] data) throws IOException {
        String command = "set " + cacheKey + " " + limits.flags + " " + limits.ttlSeconds + " " + data.length + "\r\n";
        byte[] line = command.getBytes(StandardCharsets.UTF_8);
        ByteBuffer request = ByteBuffer.allocate(line.length + data.length + 2);
        session.send(
                request.put(line).put(data).put((byte) '\r').put((byte) '\n').flip());
        String reply = session.reader().readLine(limits.lineBytes);
        if (!reply.equals("STORED")) {
            throw badReply(reply);
        }
        return true;
    }

    private static ProtocolException badReply(String line) {
        return new ProtocolException("bad reply: " + TcpTable.printable(line));
    }

    /** A key with a space or a line end in it would be another command. */
    private static boolean isValid(String cacheKey) {
        return !cacheKey.isEmpty() && cacheKey.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
    }

    @Override
    public boolean isFixedText() {
        return true;
    }

    @Override
    public void close() {
        pool.close();
        domains.close();
        if (backup != null) {
            backup.close();
        }
    }
}
