// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.OneTry;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code postsuper} has reported holds when the process is killed the moment after. */
@Timeout(300)
@ExtendWith(OneTry.class)
class QueueCrashIT {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final String CONTENT = "Subject: s\n\nbody";

    private Path parent;
    private MtaClient mta;

    @BeforeEach
    void makeDirectory() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "queue-crash");
        // Nobody listens on port 1.
        MtaDirectory directory = MtaDirectory.create(
                parent, "mta", List.of("relayhost = [127.0.0.1]:1", "minimal_backoff_time = 1000s"));
        BriefJvm.writeOptions(HOME, directory.path());
        mta = new MtaClient(directory);
    }

    @AfterEach
    void deleteDirectory() throws Exception {
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    private MtaProcess start() throws Exception {
        MtaProcess process = MtaProcess.start(HOME, mta.directory(), Map.of());
        process.awaitReady();
        return process;
    }

    private String sendDeferred(String recipient) throws Exception {
        String id = mta.send("me@a.test", CONTENT, recipient);
        mta.await(id + " deferred", () -> mta.queueOf(id).equals("deferred"));
        return id;
    }

    @Test
    void keepsHoldsDeletionsAndExpireMarks() throws Exception {
        String held;
        String deleted;
        String expiring;
        String requeued;
        try (MtaProcess process = start()) {
            held = sendDeferred("held@far.test");
            deleted = sendDeferred("deleted@far.test");
            expiring = sendDeferred("expiring@far.test");
            requeued = sendDeferred("requeued@far.test");
            mta.run("postsuper", "-h", held, "-h", expiring);
            mta.run("postsuper", "-e", expiring);
            assertEquals(
                    "postsuper: " + deleted + ": removed\npostsuper: " + requeued
                            + ": requeued\npostsuper: Requeued: 1 message\npostsuper: Deleted: 1 message\n",
                    mta.run("postsuper", "-d", deleted, "-r", requeued).err());
            process.kill();
        }
        try (MtaProcess again = start()) {
            assertTrue(again.isAlive());
            assertEquals("hold", mta.queueOf(held));
            assertEquals("", mta.queueOf(deleted));
            assertEquals("hold", mta.queueOf(expiring));
            assertEquals("", mta.queueOf(requeued));
            List<String> recipients = mta.queue().stream()
                    .map(message -> message.objects("recipients").get(0).text("address"))
                    .sorted()
                    .toList();
            assertEquals(List.of("expiring@far.test", "held@far.test", "requeued@far.test"), recipients);
            for (JsonObject message : mta.queue()) {
                assertEquals(message.text("queue_id").equals(expiring), message.flag("forced_expire"));
            }
            mta.run("postsuper", "-H", held, "-H", expiring);
            mta.await("returned to sender", () -> mta.queueOf(expiring).isEmpty());
            assertEquals("deferred", mta.queueOf(held));
        }
    }

    @Test
    void expiresWhatWasMarkedWhenItIsKilledBeforeTheReport() throws Exception {
        String id;
        try (MtaProcess process = start()) {
            id = sendDeferred("expiring@far.test");
            mta.run("postsuper", "-e", id);
            process.kill();
        }
        try (MtaProcess again = start()) {
            assertTrue(again.isAlive());
            mta.await("returned to sender", () -> mta.queueOf(id).isEmpty());
            mta.awaitLog(id + ": sender non-delivery notification: ");
        }
    }
}
