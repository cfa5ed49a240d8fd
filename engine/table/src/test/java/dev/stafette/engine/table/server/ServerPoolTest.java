// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.table.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServerPoolTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<FakeSession> opened = new ArrayList<>();
    private final Set<String> down = new HashSet<>();
    private long nowNs;

    private static final class FakeSession implements ServerPool.Session {
        private final String host;
        private boolean usable = true;
        private boolean closed;

        FakeSession(String host) {
            this.host = host;
        }

        @Override
        public boolean isUsable() {
            return usable;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private ServerPool<FakeSession> pool(String... hosts) {
        List<ServerAddress> servers = new ArrayList<>();
        for (String host : hosts) {
            servers.add(ServerAddress.parse(host, 1));
        }
        return new ServerPool<>(servers, this::connect, ServerPool.Order.AS_LISTED, 10, () -> nowNs);
    }

    private FakeSession connect(ServerAddress server) throws IOException {
        if (down.contains(server.host())) {
            throw new IOException("down");
        }
        FakeSession session = new FakeSession(server.host());
        opened.add(session);
        return session;
    }

    private String ask(ServerPool<FakeSession> pool) throws IOException {
        return pool.call(session -> {
            if (down.contains(session.host)) {
                throw new IOException("gone");
            }
            return session.host;
        });
    }

    @Test
    void usesOneConnectionAgainAndAgain() throws IOException {
        ServerPool<FakeSession> pool = pool("a");
        ask(pool);
        ask(pool);
        assertEquals(1, opened.size());
        pool.close();
        assertTrue(opened.get(0).closed);
    }

    @Test
    void replacesConnectionThatIsStaleOrWasIdleForTooLong() throws IOException {
        ServerPool<FakeSession> pool = pool("a");
        ask(pool);
        opened.get(0).usable = false;
        ask(pool);
        assertTrue(opened.get(0).closed);
        nowNs += ServerPool.IDLE_MAX_NS + 1;
        ask(pool);
        assertTrue(opened.get(1).closed);
        assertEquals(3, opened.size());
    }

    @Test
    void goesOnToTheNextServer() throws IOException {
        ServerPool<FakeSession> pool = pool("a", "b");
        down.add("a");
        assertEquals("b", ask(pool));
        down.remove("a");
        // The first one is left alone for a second.
        assertEquals("b", ask(pool));
        nowNs += SECOND_NS;
        assertEquals("a", ask(pool));
    }

    @Test
    void waitsLongerAfterEachFailureUpToAMinute() {
        ServerPool<FakeSession> pool = pool("a");
        down.add("a");
        for (long pauseS : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            assertEquals(
                    "a:1: down",
                    assertThrows(IOException.class, () -> ask(pool)).getMessage());
            nowNs += pauseS * SECOND_NS - 1;
            assertEquals(
                    "a:1: down (not tried again yet)",
                    assertThrows(IOException.class, () -> ask(pool)).getMessage());
            nowNs += 1;
        }
    }

    @Test
    void opensNotMoreConnectionsThanItMay() throws IOException {
        ServerPool<FakeSession> pool = pool("a");
        String failure = nest(pool, ServerPool.SESSIONS_MAX);
        assertEquals("all 8 connections are in use", failure);
        assertEquals(ServerPool.SESSIONS_MAX, opened.size());
        assertFalse(opened.get(0).closed);
    }

    private String nest(ServerPool<FakeSession> pool, int depth) throws IOException {
        if (depth == 0) {
            return String.valueOf(
                    assertThrows(IOException.class, () -> ask(pool)).getMessage());
        }
        return pool.call(session -> nest(pool, depth - 1));
    }
}
