// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.engine.admin.JsonWriter;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.log.LogFile;
import dev.stafette.engine.log.MailLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to a file, a line each, in blocks; the file may be renamed at any time, and is made anew a second later.
 * Thread: the event log's, which it is; {@link #offer} and {@link #reload} any.
 *
 * <p>It naps between blocks while events come, and parks when none have come for some naps.
 */
public final class EventLog implements AutoCloseable {
    public static final String PARAMETER = "event_log";

    private static final String PROGRAM = "eventlog";

    /** Events that wait to be written; beyond that they are lost. */
    private static final int WAITING_MAX = 1 << 15;

    private static final int BLOCK_BYTES = 256 << 10;
    private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int NAPS_BEFORE_PARK = 10;
    private static final long CHECK_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long CLOSE_WAIT_MS = 5_000;

    private final ManyToOneConcurrentArrayQueue<MailEvent> waiting = new ManyToOneConcurrentArrayQueue<>(WAITING_MAX);
    private final LongAdder lost = new LongAdder();
    private final LogFile file;
    private final MailLog log;
    private final Thread thread = new Thread(this::run, "events");

    /** Written by whoever reloads, read by the thread. */
    private volatile ReplyRules rules;

    /** Written by the thread, read by those that offer. */
    private volatile boolean isParked;

    /** Written by whoever closes, read by the thread. */
    private volatile boolean isClosing;

    // Owned by the thread.
    private final ByteArrayOutputStream block = new ByteArrayOutputStream(BLOCK_BYTES);
    private int blockCount;
    private long checkedNs;

    EventLog(LogFile file, ReplyRules rules, MailLog log) {
        this.file = file;
        this.rules = rules;
        this.log = log;
    }

    /** As main.cf has it; null: there is none. */
    public static @Nullable EventLog open(Settings settings, MailLog log) {
        String path = settings.text(PARAMETER);
        if (path.isEmpty()) {
            return null;
        }
        ReplyRules rules = ReplyRules.of(settings);
        try {
            LogFile file = LogFile.open(Path.of(path), settings.choice("maillog_file_permissions"));
            EventLog events = new EventLog(file, rules, log);
            events.start();
            return events;
        } catch (IOException e) {
            ConfigException bad = settings.bad(PARAMETER, "a file that can be written: " + e.getMessage());
            bad.initCause(e);
            throw bad;
        }
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes it if there is room, and never waits. */
    public void offer(MailEvent event) {
        if (!waiting.offer(event)) {
            lost.increment();
        } else if (isParked) {
            LockSupport.unpark(thread);
        }
    }

    /** From now on what is said is of the classes that these say. */
    public void reload(ReplyRules changed) {
        rules = changed;
    }

    private void run() {
        checkedNs = System.nanoTime();
        int idleCount = 0;
        while (!isClosing) {
            idleCount = writeGathered() ? 0 : idleCount + 1;
            if (idleCount < NAPS_BEFORE_PARK) {
                LockSupport.parkNanos(this, NAP_NS);
            } else {
                parkUntilWoken();
            }
        }
        writeGathered();
        file.close();
    }

    private void parkUntilWoken() {
        isParked = true;
        // An offer is a full fence on its side, so one of the two sees the other.
        if (waiting.isEmpty() && !isClosing) {
            LockSupport.park(this);
        }
        isParked = false;
    }

    /** Returns whether there was anything. */
    private boolean writeGathered() {
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
        long lostCount = lost.sumThenReset();
        if (lostCount > 0) {
            log.warning(PROGRAM, "events lost: " + lostCount + " (they came faster than they can be written)");
        }
        return isAny;
    }

    private void add(MailEvent event) {
        JsonWriter json = new JsonWriter();
        event.write(json, rules);
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
        if (nowNs - checkedNs >= CHECK_NS) {
            checkedNs = nowNs;
            file.followRotation();
        }
        try {
            file.write(ByteBuffer.wrap(block.toByteArray()));
        } catch (IOException e) {
            log.warning(PROGRAM, "events lost: " + blockCount + " (" + e.getMessage() + ")");
        }
        block.reset();
        blockCount = 0;
    }

    /** Writes what has come before. */
    @Override
    public void close() {
        isClosing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_WAIT_MS);
            if (thread.isAlive()) {
                log.warning(PROGRAM, "events lost: " + waiting.size() + " (there is no time to write them)");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
