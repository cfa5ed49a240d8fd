// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.log.KeptLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
    private static final Instant START = Instant.parse("2026-11-29T22:30:00Z");

    @TempDir
    Path directory;

    private final KeptLog log = new KeptLog();
    private Path path;
    private EventFile file;
    private long seconds;

    @BeforeEach
    void open() throws IOException {
        path = Files.createDirectory(directory.resolve("events")).resolve("events");
        file = EventFile.open(path, "0640", log.log(), nowNs());
    }

    @AfterEach
    void close() {
        file.close();
        log.close();
    }

    private static EventLogSettings limits(String... mainCf) {
        Settings settings = FakeHost.settings(String.join("\n", mainCf));
        return EventLogSettings.of(settings);
    }

    private long nowNs() {
        return Duration.ofSeconds(seconds).toNanos();
    }

    private void check(EventLogSettings limits) {
        file.check(limits, nowNs(), START.plusSeconds(seconds).toEpochMilli());
    }

    private void write(EventLogSettings limits, String block) throws IOException {
        check(limits);
        file.write(ByteBuffer.wrap(block.getBytes(StandardCharsets.UTF_8)), nowNs());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(path.getParent())) {
            return all.map(one -> one.getFileName().toString()).sorted().toList();
        }
    }

    private String text(String name) throws IOException {
        return Files.readString(path.resolveSibling(name));
    }

    @Test
    void isPutAsideWhenItIsLargeEnough() throws IOException {
        EventLogSettings limits = limits("event_log_size_limit = 6");
        write(limits, "one\n");
        write(limits, "two\n");
        assertEquals(List.of("events"), names());
        seconds = 5;
        write(limits, "three\n");
        assertEquals(List.of("events", "events.20261129-223005"), names());
        assertEquals("one\ntwo\n", text("events.20261129-223005"));
        assertEquals("three\n", text("events"));
        assertEquals("640", Integer.toOctalString((int) Files.getAttribute(path, "unix:mode") & 0777));
    }

    @Test
    void tellsThoseOfOneSecondApart() throws IOException {
        EventLogSettings limits = limits("event_log_size_limit = 1");
        for (String block : List.of("a\n", "b\n", "c\n", "d\n")) {
            write(limits, block);
        }
        assertEquals(
                List.of("events", "events.20261129-223000", "events.20261129-223000-2", "events.20261129-223000-3"),
                names());
        assertEquals("a\n", text("events.20261129-223000"));
        assertEquals("c\n", text("events.20261129-223000-3"));
    }

    @Test
    void isPutAsideWhenItIsOldEnoughThoughNothingComes() throws IOException {
        EventLogSettings limits = limits("event_log_time_limit = 1h");
        assertEquals(Long.MAX_VALUE, file.restNs(limits, nowNs()), "there is nothing in it");
        seconds = 10_000;
        write(limits, "one\n");
        assertEquals(Duration.ofHours(1).toNanos(), file.restNs(limits, nowNs()));
        seconds += 3599;
        check(limits);
        assertEquals(List.of("events"), names());
        seconds += 1;
        check(limits);
        assertEquals(List.of("events", "events.20261130-021640"), names());
        seconds += 100_000;
        check(limits);
        assertEquals(2, names().size(), "an empty one stays");
    }

    @Test
    void growsWithoutLimitsAsLongAsItMay() throws IOException {
        EventLogSettings limits = limits();
        write(limits, "one\n");
        seconds = 1_000_000;
        write(limits, "two\n");
        assertEquals(List.of("events"), names());
        assertEquals(Long.MAX_VALUE, file.restNs(limits, nowNs()));
    }

    @Test
    void deletesOnlyWhatWasPutAsideLongAgo() throws IOException {
        EventLogSettings limits = limits("event_log_size_limit = 1", "event_log_time_to_live = 2d");
        FileTime old = FileTime.from(START.minus(Duration.ofDays(3)));
        for (String name : List.of(
                "events.20261126-000000", "events.20261126-000000-2", "events.20261126-000000.gz", "events.mine")) {
            Files.setLastModifiedTime(Files.writeString(path.resolveSibling(name), "x\n"), old);
        }
        Files.setLastModifiedTime(
                Files.writeString(path.resolveSibling("events.20261128-000000"), "x\n"),
                FileTime.from(START.minus(Duration.ofDays(1))));
        write(limits, "one\n");
        write(limits, "two\n");
        assertEquals(
                List.of(
                        "events",
                        "events.20261126-000000.gz",
                        "events.20261128-000000",
                        "events.20261129-223000",
                        "events.mine"),
                names());
    }

    @Test
    void goesOnWhereItCannotBePutAsideAndSaysSoOnceAMinute() throws IOException {
        EventLogSettings limits = limits("event_log_size_limit = 1");
        Path moved = directory.resolve("moved");
        write(limits, "one\n");
        Files.move(path.getParent(), moved);
        for (int i = 0; i < 62; i++) {
            write(limits, "more\n");
            seconds++;
        }
        assertEquals("one\n" + "more\n".repeat(62), Files.readString(moved.resolve("events")));
        List<String> said = log.lines();
        assertEquals(2, said.size(), said.toString());
        assertTrue(said.get(0).contains("the event log cannot be put aside, and goes on"), said.toString());
    }
}
