// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogPipeTest {
    private static final LogSettings SETTINGS =
            new LogSettings(null, "0600", "mail", "mx1", "postfix", 1, 2, ZoneOffset.UTC, false);
    private static final Pattern LOST =
            Pattern.compile("postlogd\\[1\\]: warning: lines of the log lost here: (\\d+) ");
    private static final int RING_BYTES = 1 << 16;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private static long lostCount(List<String> lines) {
        long lost = 0;
        for (String line : lines) {
            Matcher matcher = LOST.matcher(line);
            if (matcher.find()) {
                lost += Long.parseLong(matcher.group(1));
            }
        }
        return lost;
    }

    @Test
    void countsTheLinesThatDoNotFitWhileTheFileHangs() throws Exception {
        KeptOutput output = new KeptOutput();
        MailLog log = MailLog.of(SETTINGS, LogPipe.open(output, RING_BYTES, SETTINGS, () -> 0));
        output.hang();
        log.info("master", "first");
        output.awaitWriting();
        int count = 5000;
        for (int i = 0; i < count; i++) {
            log.removed("ID" + i);
        }
        output.goOn();
        log.close();
        List<String> lines = output.lines();
        long removed = lines.stream().filter(line -> line.endsWith("removed")).count();
        assertTrue(lostCount(lines) > 0, "the ring holds fewer lines than were logged");
        assertEquals(count, removed + lostCount(lines));
    }

    @Test
    void countsTheLinesThatTheDiskRefused() throws Exception {
        KeptOutput output = new KeptOutput();
        output.failOnce();
        output.hang();
        MailLog log = MailLog.of(SETTINGS, LogPipe.open(output, RING_BYTES, SETTINGS, () -> 0));
        log.removed("ID1");
        output.awaitWriting();
        log.removed("ID2");
        output.goOn();
        log.close();
        List<String> lines = output.lines();
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).endsWith("ID2: removed"), lines.toString());
        assertEquals(1, lostCount(lines));
    }

    /** The writer is just reading what had come before. */
    @Test
    void putsWhatIsLoggedBehindAReloadIntoTheNewFile() throws Exception {
        Path file = directory.resolve("mail.log");
        KeptOutput output = new KeptOutput();
        output.hang();
        MailLog log = MailLog.of(SETTINGS, LogPipe.open(output, 1 << 20, SETTINGS, () -> 0));
        log.info("master", "first");
        output.awaitWriting();
        // More than one block: while it writes the first of them, it has not read the rest.
        for (int i = 0; i < 8000; i++) {
            log.removed("ID" + i);
        }
        output.whenWritingAgain(() -> {
            log.reload(new LogSettings(file, "0600", "mail", "mx1", "postfix", 1, 2, ZoneOffset.UTC, false));
            log.removed("LAST");
        });
        output.goOn();
        log.close();
        assertTrue(output.lines().stream().noneMatch(line -> line.contains("LAST")));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!LogFileIT.awaitContent(file).endsWith(": LAST: removed\n")) {
            assertTrue(System.nanoTime() < deadline, "it is not in the new file");
            Thread.yield();
        }
    }

    @Test
    void keepsEveryLineOfEveryThreadInItsOrder() throws Exception {
        KeptOutput output = new KeptOutput();
        MailLog log = MailLog.of(SETTINGS, LogPipe.open(output, 1 << 20, SETTINGS, () -> 0));
        int threadCount = 4;
        int lineCount = 2000;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < threadCount; t++) {
            String name = "T" + t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < lineCount; i++) {
                    log.active(name, "a@example.net", i, 1);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        log.close();
        Map<String, Integer> next = new HashMap<>();
        Pattern pattern =
                Pattern.compile("qmgr\\[1\\]: (T\\d): from=<a@example.net>, size=(\\d+), nrcpt=1 \\(queue active\\)$");
        for (String line : output.lines()) {
            Matcher matcher = pattern.matcher(line);
            assertTrue(matcher.find(), line);
            assertEquals(next.getOrDefault(matcher.group(1), 0), Integer.parseInt(matcher.group(2)));
            next.merge(matcher.group(1), 1, Integer::sum);
        }
        assertEquals(threadCount * lineCount, output.lines().size());
    }

    @Test
    void wakesTheWriterOutOfItsSleep() throws Exception {
        KeptOutput output = new KeptOutput();
        Set<Thread> others = Thread.getAllStackTraces().keySet();
        MailLog log = MailLog.of(SETTINGS, LogPipe.open(output, RING_BYTES, SETTINGS, () -> 0));
        Thread writer = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("log") && !others.contains(thread))
                .findFirst()
                .orElseThrow();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (writer.getState() != Thread.State.WAITING) {
            assertTrue(System.nanoTime() < deadline, () -> "sleeps in state " + writer.getState());
            Thread.onSpinWait();
        }
        log.removed("ID");
        output.awaitWriting();
        log.close();
        assertEquals(1, output.lines().size());
    }
}
