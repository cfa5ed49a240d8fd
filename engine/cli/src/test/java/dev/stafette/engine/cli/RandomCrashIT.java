// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.testing.OneTry;
import dev.stafette.engine.admin.JsonObject;
import dev.stafette.engine.cli.CrashSource.Acknowledged;
import dev.stafette.engine.demo.MtaDirectory;
import dev.stafette.engine.demo.MtaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Kills the installation again and again under load, while sites answer at random and an operator holds, releases,
 * requeues, expires and flushes at random: whoever was acknowledged is delivered, reported or still queued, and what is
 * done twice is what a kill explains; see {@link CrashVerdict}.
 *
 * <pre>
 * -Dstafette.crash.kills=200 -Dstafette.crash.seed=7
 * </pre>
 */
@Timeout(3600)
@ExtendWith(OneTry.class)
class RandomCrashIT {
    private static final Path HOME =
            Path.of("..", "target", "stafette").toAbsolutePath().normalize();
    private static final int KILLS = Integer.getInteger("stafette.crash.kills", 12);
    private static final long SEED = Long.getLong("stafette.crash.seed", 1);
    private static final int MESSAGES_MAX = 70;
    private static final long LIFE_MS_MAX = 3000;
    private static final int START_MS_MAX = 1200;
    private static final int NAMED_MAX = 8;
    private static final long DRAIN_S_MAX = 120;
    private static final long ACKNOWLEDGED_S_MAX = 60;

    /**
     * Only in a run that is long enough the time of what waits is to be up. It holds for reports, too, which must live through
     * the starts of a busy machine: one that is too old is lost, as it should be.
     */
    private static final int LIFETIME_S = KILLS < 100 ? 3600 : 60;

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final List<Long> kills = new ArrayList<>();
    private Path parent;

    @BeforeEach
    void makeDirectory() throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(HOME.resolve("bin/postfix")), "skipped: mvn package makes the installation");
        parent = MtaDirectory.createParent(Path.of(System.getProperty("java.io.tmpdir")), "random-crash");
    }

    @AfterEach
    void deleteDirectory() throws Exception {
        if (parent != null) {
            MtaDirectory.delete(parent);
        }
    }

    private MtaDirectory directory(CrashSite site) throws IOException {
        List<String> mainCf = new ArrayList<>(site.routes());
        mainCf.addAll(List.of(
                "minimal_backoff_time = 1s",
                "maximal_backoff_time = 3s",
                "queue_run_delay = 1s",
                "maximal_queue_lifetime = " + LIFETIME_S + "s",
                "delay_warning_time = 3s"));
        return MtaDirectory.create(parent, "mta", mainCf);
    }

    /** Most of a short life would be the start of the JVM: classes are kept from one start for the others. */
    private static void makeStartsFast(MtaDirectory directory) throws Exception {
        Path archive = directory.path().resolve("queue/classes.jsa");
        BriefJvm.writeOptions(HOME, directory.path(), "-XX:ArchiveClassesAtExit=" + archive);
        try (MtaProcess process = MtaProcess.start(HOME, directory, Map.of())) {
            process.awaitReady();
        }
        BriefJvm.writeOptions(HOME, directory.path(), "-XX:SharedArchiveFile=" + archive);
    }

    @Test
    void losesNobodyAndDoublesNothingThatNoKillExplains() throws Exception {
        try (CrashSite site = new CrashSite(SEED)) {
            MtaClient mta = new MtaClient(directory(site));
            makeStartsFast(mta.directory());
            CrashSource source = new CrashSource(mta.directory().port(), SEED);
            try (source) {
                for (int i = 0; i < KILLS; i++) {
                    live(mta, source);
                }
            }
            List<Acknowledged> acknowledged = source.acknowledged();
            site.takeAll();
            Set<String> queued = end(mta);
            CrashVerdict verdict = new CrashVerdict(site.taken(), kills, mta.log());
            acknowledged.forEach(message -> verdict.judge(message, queued));
            verdict.judgeDoubles();
            String figures = "seed " + SEED + ", " + kills.size() + " kills, " + acknowledged.size() + " messages, "
                    + queued.size() + " still queued; " + verdict.figures();
            System.out.println("RandomCrashIT: " + figures);
            assertEquals(KILLS, kills.size());
            assertTrue(acknowledged.size() >= KILLS, figures);
            if (!verdict.complaints().isEmpty()) {
                Files.writeString(Path.of("target", "random-crash-" + SEED + ".log"), mta.log());
            }
            assertEquals(List.of(), verdict.complaints(), figures + "; see target/random-crash-" + SEED + ".log");
        }
    }

    /** From a start to a kill, which may come while it starts. */
    private void live(MtaClient mta, CrashSource source) throws Exception {
        try (MtaProcess process = MtaProcess.start(HOME, mta.directory(), Map.of())) {
            if (random.nextInt(8) == 0) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(START_MS_MAX));
            } else {
                process.awaitReady();
                int beginCount = source.acknowledged().size();
                int endCount = beginCount + random.nextInt(MESSAGES_MAX);
                long beginNs = System.nanoTime();
                while (source.acknowledged().size() < endCount
                        && System.nanoTime() - beginNs
                                < lifeNs(source.acknowledged().size() - beginCount)) {
                    operate(mta, source.acknowledged());
                }
            }
            process.kill();
            kills.add(System.nanoTime());
        }
    }

    /** On a busy machine the first message may take longer than a life. */
    private static long lifeNs(int acknowledgedCount) {
        return acknowledgedCount == 0
                ? TimeUnit.SECONDS.toNanos(ACKNOWLEDGED_S_MAX)
                : TimeUnit.MILLISECONDS.toNanos(LIFE_MS_MAX);
    }

    /** Something that an operator may do at any time; whether it succeeds does not matter. */
    private void operate(MtaClient mta, List<Acknowledged> acknowledged) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(40));
        switch (random.nextInt(8)) {
            case 0 -> mta.runWithInput(some(acknowledged), "postsuper", "-h", "-");
            case 1 -> mta.runWithInput(some(acknowledged), "postsuper", "-H", "-");
            case 2 -> mta.run("postsuper", "-H", "ALL");
            case 3, 4 -> mta.runWithInput(some(acknowledged), "postsuper", "-r", "-");
            case 5 -> mta.run("postsuper", "-r", "ALL");
            case 6 -> mta.runWithInput(some(acknowledged), "postsuper", "-e", "-");
            default -> mta.run("postqueue", "-f");
        }
    }

    /** The newest are the ones that are in flight. */
    private String some(List<Acknowledged> acknowledged) {
        StringBuilder ids = new StringBuilder();
        for (int i = random.nextInt(NAMED_MAX); i >= 0 && !acknowledged.isEmpty(); i--) {
            int back = random.nextInt(Math.min(acknowledged.size(), random.nextBoolean() ? NAMED_MAX : 200));
            ids.append(acknowledged.get(acknowledged.size() - 1 - back).queueId())
                    .append('\n');
        }
        return ids.toString();
    }

    /** The last life is a quiet one. Returns the recipients that are in the queue at its end. */
    private static Set<String> end(MtaClient mta) throws Exception {
        try (MtaProcess process = MtaProcess.start(HOME, mta.directory(), Map.of())) {
            process.awaitReady();
            mta.run("postsuper", "-H", "ALL");
            long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_S_MAX);
            List<JsonObject> queue = mta.queue();
            while (!queue.isEmpty() && System.nanoTime() - endNs < 0) {
                mta.run("postqueue", "-f");
                TimeUnit.MILLISECONDS.sleep(200);
                queue = mta.queue();
            }
            Set<String> queued = new HashSet<>();
            for (JsonObject message : queue) {
                message.objects("recipients").forEach(one -> queued.add(one.text("address")));
            }
            return queued;
        }
    }
}
