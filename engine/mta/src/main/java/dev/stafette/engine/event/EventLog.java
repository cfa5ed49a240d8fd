// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.log.WriterThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to a file, a line each, in blocks; {@link EventFile} says when there is another file.
 * Thread: the event log's, which it is; {@link #offer} and {@link #reload} any.
 */
public final class EventLog implements WriterThread.Writing, AutoCloseable {
    public static final String PARAMETER = "event_log";

    static final String PROGRAM = "eventlog";

    /** Events that wait to be written; beyond that they are lost. */
    private static final int WAITING_MAX = 1 << 15;

    private static final int BLOCK_BYTES = 256 << 10;

    private final ManyToOneConcurrentArrayQueue<MailEvent> waiting = new ManyToOneConcurrentArrayQueue<>(WAITING_MAX);
    private final LongAdder lost = new LongAdder();
    private final EventFile file;
    private final MailLog log;
    private final WriterThread thread = new WriterThread("events", this);

    /** Written by whoever reloads, read by the thread. */
    private volatile EventLogSettings settings;

    // Owned by the thread.
    private final ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK_BYTES);
    private int blockCount;

    private EventLog(EventFile file, EventLogSettings settings, MailLog log) {
        this.file = file;
        this.settings = settings;
        this.log = log;
    }

    /** As main.cf has it; null: there is none. */
    public static @Nullable EventLog open(Settings settings, MailLog log) {
        String path = settings.text(PARAMETER);
        if (path.isEmpty()) {
            return null;
        }
        EventLogSettings limits = EventLogSettings.of(settings);
        try {
            EventFile file =
                    EventFile.open(Path.of(path), settings.choice("maillog_file_permissions"), log, System.nanoTime());
            EventLog events = new EventLog(file, limits, log);
            events.thread.start();
            return events;
        } catch (IOException e) {
            ConfigException bad = settings.bad(PARAMETER, "a file that can be written: " + e.getMessage());
            bad.initCause(e);
            throw bad;
        }
    }

    /** Takes it if there is room, and never waits. */
    public void offer(MailEvent event) {
        if (!waiting.offer(event)) {
            lost.increment();
        } else {
            thread.wakeIfParked();
        }
    }

    /** From now on. */
    public void reload(EventLogSettings changed) {
        settings = changed;
        thread.wake();
    }

    @Override
    public boolean isIdle() {
        return waiting.isEmpty();
    }

    @Override
    public long restNs() {
        return file.restNs(settings, System.nanoTime());
    }

    @Override
    public boolean writeGathered() {
        boolean isAny = false;
        MailEvent event = waiting.poll();
        while (event != null) {
            isAny = true;
            add(event);
            if (block.size() >= BLOCK_BYTES) {
                flush();
            }
            event = waiting.poll();
        }
        flush();
        if (!isAny) {
            file.check(settings, System.nanoTime(), System.currentTimeMillis());
        }
        long lostCount = lost.sumThenReset();
        if (lostCount > 0) {
            log.warning(PROGRAM, "events lost: " + lostCount + " (they came faster than they can be written)");
        }
        return isAny;
    }

    private void add(MailEvent event) {
        JsonWriter json = new JsonWriter();
        event.write(json, settings.rules());
        byte[] line = json.toString().getBytes(StandardCharsets.UTF_8);
        block.write(line, 0, line.length);
        block.write('\n');
        blockCount++;
    }

    private void flush() {
        if (blockCount == 0) {
            return;
        }
        long nowNs = System.nanoTime();
        file.check(settings, nowNs, System.currentTimeMillis());
        try {
            file.write(ByteBuffer.wrap(block.toByteArray()), nowNs);
        } catch (IOException e) {
            log.warning(PROGRAM, "events lost: " + blockCount + " (" + e.getMessage() + ")");
        }
        block.reset();
        blockCount = 0;
    }

    @Override
    public void end() {
        file.close();
    }

    /** Writes what has come before. */
    @Override
    public void close() {
        thread.close();
        if (!thread.hasEnded()) {
            log.warning(PROGRAM, "events lost: " + waiting.size() + " (there is no time to write them)");
        }
    }
}
