// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.engine.log.LogFile;
import dev.stafette.engine.log.MailLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The file that events go to. When it is large or old enough it is put aside, under a name with the time, and not written any
 * more; those that have been there for long enough are deleted. Others may rename it at any time, too.
 * Thread: start-up, then the event log's.
 */
final class EventFile implements AutoCloseable {
    /** Of the other limits than size, and of what others do with the file. */
    private static final long CHECK_NS = TimeUnit.SECONDS.toNanos(1);

    /** After a file could not be put aside. */
    private static final long RETRY_NS = TimeUnit.MINUTES.toNanos(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path path;
    private final LogFile file;
    private final MailLog log;

    // Owned by the thread.
    private long checkedNs;
    private long retryNs;
    /** Since when the file has something in it; meaningless while it is empty. */
    private long begunNs;

    private EventFile(Path path, LogFile file, MailLog log, long nowNs) {
        this.path = path;
        this.file = file;
        this.log = log;
        this.checkedNs = nowNs;
        this.retryNs = nowNs;
        this.begunNs = nowNs;
    }

    /** {@code permissions}: of a file that is made ({@code maillog_file_permissions}). */
    static EventFile open(Path path, String permissions, MailLog log, long nowNs) throws IOException {
        return new EventFile(path, LogFile.open(path, permissions), log, nowNs);
    }

    void write(ByteBuffer block, long nowNs) throws IOException {
        if (file.sizeBytes() == 0) {
            begunNs = nowNs;
        }
        file.write(block);
    }

    /** Before a block is written, when there is none to write, and when {@link #restNs} has passed. */
    void check(EventLogSettings limits, long nowNs, long epochMs) {
        boolean isTime = nowNs - checkedNs >= CHECK_NS;
        if (isTime) {
            checkedNs = nowNs;
            file.followRotation();
        }
        if (nowNs - retryNs >= 0 && isDue(limits, nowNs)) {
            putAside(limits, nowNs, epochMs);
        }
    }

    private boolean isDue(EventLogSettings limits, long nowNs) {
        long size = file.sizeBytes();
        return size > 0
                && (limits.sizeBytes() > 0 && size >= limits.sizeBytes()
                        || limits.ageNs() > 0 && nowNs - begunNs >= limits.ageNs());
    }

    /** Until its age is reached. */
    long restNs(EventLogSettings limits, long nowNs) {
        if (limits.ageNs() == 0 || file.sizeBytes() == 0) {
            return Long.MAX_VALUE;
        }
        return Math.max(CHECK_NS, Math.max(begunNs + limits.ageNs() - nowNs, retryNs - nowNs));
    }

    private void putAside(EventLogSettings limits, long nowNs, long epochMs) {
        String name = path.getFileName() + "." + TIME.format(Instant.ofEpochMilli(epochMs));
        try {
            Path aside = path.resolveSibling(name);
            for (int i = 2; Files.exists(aside); i++) {
                aside = path.resolveSibling(name + "-" + i);
            }
            Files.move(path, aside);
            file.followRotation();
            deleteOld(limits.keptMs(), epochMs);
        } catch (IOException e) {
            retryNs = nowNs + RETRY_NS;
            log.warning(EventLog.PROGRAM, "the event log cannot be put aside, and goes on: " + e);
        }
    }

    /** Only what has a name that we have given, and not what is of others' making. */
    private void deleteOld(long keptMs, long epochMs) throws IOException {
        if (keptMs == 0) {
            return;
        }
        Pattern ours = Pattern.compile(Pattern.quote(path.getFileName() + ".") + "\\d{8}-\\d{6}(-\\d+)?");
        Path directory = path.toAbsolutePath().getParent();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
            for (Path one : all) {
                if (ours.matcher(one.getFileName().toString()).matches()
                        && epochMs - Files.getLastModifiedTime(one).toMillis() >= keptMs) {
                    Files.delete(one);
                }
            }
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
