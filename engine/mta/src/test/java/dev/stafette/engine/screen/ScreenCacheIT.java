// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenCacheIT {
    private static final TestTimes TIMES = new TestTimes(1000, 2000, 1, 1, 1);

    @TempDir
    Path directory;

    private final List<String> warnings = new ArrayList<>();

    private ScreenCache open(Path file) {
        return ScreenCache.open(file, Runnable::run, warnings::add);
    }

    @Test
    void knowsAfterARestartWhoHasPassed() throws IOException {
        Path file = directory.resolve("new/cache.clients");
        ScreenCache cache = open(file);
        cache.put(FakeHost.ip("192.0.2.7"), TIMES);
        cache.put(FakeHost.ip("2001:db8::7"), TIMES);
        cache.put(FakeHost.ip("192.0.2.7"), TIMES.with(ScreenTest.PREGREET, 3000));
        cache.close();
        assertEquals(
                List.of("192.0.2.7 1000;2000;1;1;1", "2001:db8::7 1000;2000;1;1;1", "192.0.2.7 3000;2000;1;1;1"),
                Files.readAllLines(file));
        ScreenCache again = open(file);
        assertEquals(3000, again.find(FakeHost.ip("192.0.2.7")).pregreet());
        assertEquals(TIMES, again.find(FakeHost.ip("2001:db8::7")));
        assertNull(again.find(FakeHost.ip("192.0.2.8")));
        assertEquals(List.of(), warnings);
    }

    @Test
    void forgetsAndWritesTheFileAnew() throws IOException {
        Path file = directory.resolve("cache.clients");
        ScreenCache cache = open(file);
        for (int i = 1; i <= 3; i++) {
            cache.put(FakeHost.ip("192.0.2." + i), TIMES.with(ScreenTest.PREGREET, 1000 * i));
            cache.put(FakeHost.ip("192.0.2." + i), TIMES.with(ScreenTest.PREGREET, 1000 * i));
        }
        ScreenCache.Cleanup done = cache.clean(times -> times.pregreet() < 2000);
        assertEquals(new ScreenCache.Cleanup(2, 1), done);
        assertEquals(2, Files.readAllLines(file).size());
        cache.put(FakeHost.ip("192.0.2.9"), TIMES);
        assertEquals(3, open(file).size());
    }

    @Test
    void readsWhatACrashHasLeft() throws IOException {
        Path file = Files.writeString(
                directory.resolve("cache.clients"),
                "192.0.2.7 1000;2000;1;1;1\nnonsense\n192.0.2.8\n\n192.0.2.9 1000;2000;1;1;1\n192.0.2.10 10");
        ScreenCache cache = open(file);
        assertEquals(TIMES, cache.find(FakeHost.ip("192.0.2.7")));
        assertEquals(TIMES, cache.find(FakeHost.ip("192.0.2.9")));
        assertEquals(new TestTimes(10, 1, 1, 1, 1), cache.find(FakeHost.ip("192.0.2.10")));
        assertEquals(3, cache.size());
    }

    @Test
    void warnsOnceOfAFileThatCannotBeHadAndGoesOn() throws IOException {
        Path file = Files.createDirectory(directory.resolve("cache.clients"));
        ScreenCache cache = open(file);
        cache.put(FakeHost.ip("192.0.2.7"), TIMES);
        cache.put(FakeHost.ip("192.0.2.8"), TIMES);
        assertEquals(2, cache.size());
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).startsWith("cache " + file), warnings::toString);
    }

    @Test
    void writesWhatComesWhileItWrites() throws IOException {
        Path file = directory.resolve("cache.clients");
        Queue<Runnable> tasks = new ArrayDeque<>();
        ScreenCache cache = ScreenCache.open(file, tasks::add, warnings::add);
        cache.put(FakeHost.ip("192.0.2.7"), TIMES);
        cache.put(FakeHost.ip("192.0.2.8"), TIMES);
        assertEquals(1, tasks.size());
        tasks.remove().run();
        assertEquals(2, Files.readAllLines(file).size());
        cache.put(FakeHost.ip("192.0.2.9"), TIMES);
        cache.clean(times -> false);
        // The clean-up comes while another writes: it leaves the file to that one.
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
        assertEquals(3, open(file).size());
    }

    @Test
    void hasABound() {
        ScreenCache cache = ScreenCache.open(null, Runnable::run, warnings::add);
        byte[] address = {10, 0, 0, 0};
        for (int i = 0; i <= ScreenCache.CLIENTS_MAX; i++) {
            address[1] = (byte) (i >> 16);
            address[2] = (byte) (i >> 8);
            address[3] = (byte) i;
            cache.put(dev.stafette.engine.config.syntax.IpText.of(address.clone()), TIMES);
        }
        assertEquals(ScreenCache.CLIENTS_MAX, cache.size());
        cache.put(FakeHost.ip("10.0.0.1"), TIMES.with(ScreenTest.PREGREET, 5000));
        assertEquals(5000, cache.find(FakeHost.ip("10.0.0.1")).pregreet());
    }
}
