// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.testing.OneTry;
import dev.stafette.engine.log.KeptLog;
import dev.stafette.engine.queue.RunningQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The journal has room for the first slice of a change, and for no other. */
@Timeout(180)
@ExtendWith(OneTry.class)
class ChangeOnFullDiskIT {
    @TempDir
    private Path temporary;

    private final KeptLog log = new KeptLog();
    private final Answer answer = new Answer();
    private Path disk;
    private RunningQueue queue;

    /** Goes on when the test says so, which is the admin thread. */
    private static final class Answer implements AdminAnswer {
        private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        private final List<AnswerRow> rows = new ArrayList<>();
        private String end = "";

        void runTask() throws InterruptedException {
            Runnable task = tasks.poll(30, TimeUnit.SECONDS);
            assertNotNull(task, "nothing more happened");
            task.run();
        }

        void runToEnd() throws InterruptedException {
            while (end.isEmpty()) {
                runTask();
            }
        }

        @Override
        public void row(AnswerRow row) {
            rows.add(row);
        }

        @Override
        public void whenDrained(Runnable next) {
            tasks.add(next);
        }

        @Override
        public void done() {
            end = "done";
        }

        @Override
        public void fail(String reason) {
            end = reason;
        }

        @Override
        public String caller() {
            return "root";
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeSoon(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeLater(long delayMs, Runnable task) {
            tasks.add(task);
        }
    }

    private static int run(String... words) throws IOException, InterruptedException {
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @BeforeEach
    void mount() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "skipped: mounting a file system needs root");
        disk = Files.createDirectory(temporary.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()) == 0,
                "skipped: no file system can be mounted here");
        queue = new RunningQueue(disk);
        queue.keepRequests();
    }

    @AfterEach
    void unmount() throws Exception {
        if (queue != null) {
            queue.close();
            run("umount", "-l", disk.toString());
        }
        log.close();
    }

    private List<String> accept(int count) {
        MailAddress recipient = MailAddress.of("u", "b.test");
        return queue.accept(
                count, Envelope.of(MailAddress.NULL, List.of(new EnvelopeRecipient(recipient))), "Subject: s\n\nx\n");
    }

    /** Somebody else takes what is left of the disk, and outcomes what is left of the journal. */
    private void fillUp(String queueId) throws IOException {
        try (FileChannel file =
                FileChannel.open(disk.resolve("else"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(4096);
            while (file.write(block.clear()) > 0) {
                continue;
            }
        } catch (IOException full) {
            queue.useUpJournal(queueId);
        }
    }

    private ChangeCommand command() {
        return new ChangeCommand(new AdministeredChanges(queue.inbox(), log.log(), queue.ids(), null), null);
    }

    @Test
    void tellsWhichNamedMessagesItHasChangedBeforeTheJournalWasFull() throws Exception {
        List<String> ids = accept(250);
        command().run(new AdminRequest.ChangeMessages(Change.HOLD, ids, null), answer);
        answer.runTask();
        fillUp(ids.get(249));
        answer.runToEnd();
        assertEquals("no space left for the journal", answer.end);
        assertEquals(
                ids.subList(0, 100).stream()
                        .map(AnswerRow.MessageChanged::new)
                        .map(AnswerRow.class::cast)
                        .toList(),
                answer.rows);
    }

    @Test
    void tellsHowManyOfAllItHasChangedBeforeTheJournalWasFull() throws Exception {
        List<String> ids = accept(600);
        command().run(new AdminRequest.ChangeMessages(Change.HOLD, null, null), answer);
        answer.runTask();
        AnswerRow first = answer.rows.get(0);
        fillUp(ids.get(599));
        answer.runToEnd();
        assertEquals("no space left for the journal", answer.end);
        assertEquals(List.of(first, new AnswerRow.MessagesChanged(0)), answer.rows);
    }
}
