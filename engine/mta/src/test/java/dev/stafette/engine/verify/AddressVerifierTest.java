// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.engine.config.Configuration;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.StepSources;
import dev.stafette.engine.log.KeptLog;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of an address, when, and what is probed. Time is the test's. */
class AddressVerifierTest {
    private static final long WAIT_MS = 6000;
    private static final long START_MS = 1_700_000_000_000L;

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final KeptLog log = new KeptLog();
    private final List<String> probes = new ArrayList<>();
    private final List<String> answers = new ArrayList<>();
    private long nowMs = START_MS;
    private boolean isFull;

    @TempDir
    private Path directory;

    private AddressVerifier verifier = verifier();

    private AddressVerifier verifier() {
        AddressVerifier made = new AddressVerifier(loop.eventLoop(), Runnable::run, () -> nowMs, log.log());
        made.openWay(this::probe);
        return made;
    }

    private long probe(String address, VerifySettings settings, long atMs, LongConsumer refused) {
        probes.add(address);
        if (isFull) {
            refused.accept(probes.size());
        }
        return probes.size();
    }

    @BeforeEach
    void freeze() {
        loop.freezeTime();
    }

    @AfterEach
    void close() {
        log.close();
        loop.close();
    }

    private static VerifySettings settings(String... lines) {
        FakeHost host = new FakeHost("mx.b.test")
                .file("/c/main.cf", "compatibility_level = 3.6\nmyorigin = b.test\n" + String.join("\n", lines) + "\n")
                .file("/c/master.cf", "verify unix - - n - 1 verify\n");
        Configuration configuration = Configuration.read(Path.of("/c"), host);
        FakeTables tables = new FakeTables();
        VerifySettings made = VerifySettings.of(
                configuration.settings(),
                configuration.services(),
                tables,
                new CleanupServices(configuration.settings(), configuration.services(), tables, StepSources.NONE));
        assertNotNull(made);
        return made;
    }

    private void configure(String... lines) {
        verifier.configure(settings(lines));
        loop.runPendingTasks();
    }

    private void inMemory(String... lines) {
        List<String> all = new ArrayList<>(List.of(lines));
        all.add("address_verify_map =");
        configure(all.toArray(String[]::new));
    }

    private void ask(String address) {
        ask(address, WAIT_MS);
    }

    private void ask(String address, long waitMs) {
        verifier.query(
                "verify",
                address,
                waitMs,
                entry -> answers.add(
                        entry == null ? "no service" : address + " " + entry.status() + ": " + entry.text()));
        loop.runPendingTasks();
    }

    private void pass(Duration time) {
        nowMs += time.toMillis();
        loop.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
        loop.runScheduledPendingTasks();
        loop.runPendingTasks();
    }

    /** The outcome of the last probe, of an address that nothing was made of. */
    private void settle(Kind kind, String text) {
        String[] parts = probes.get(probes.size() - 1).split("@");
        settle(new EnvelopeRecipient(MailAddress.of(parts[0], parts[1])), kind, text);
    }

    private void settle(EnvelopeRecipient recipient, Kind kind, String text) {
        verifier.onProbed(probes.size(), recipient, kind, text);
        verifier.onProbeEnded(probes.size());
        loop.runPendingTasks();
    }

    private List<String> heard() {
        List<String> all = List.copyOf(answers);
        answers.clear();
        return all;
    }

    @Test
    void answersWhenTheProbeHasItsOutcome() {
        inMemory();
        ask("u@b.test");
        pass(Duration.ofSeconds(1));
        assertEquals(List.of(), heard());
        settle(Kind.DELIVERED, "250 2.1.5 Ok");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 2.1.5 Ok"), heard());
        ask("u@b.test");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 2.1.5 Ok"), heard());
        assertEquals(List.of("u@b.test"), probes);
    }

    @Test
    void waitsNoLongerThanItMay() {
        inMemory();
        ask("u@b.test");
        pass(Duration.ofMillis(WAIT_MS - 1));
        assertEquals(List.of(), heard());
        pass(Duration.ofMillis(1));
        assertEquals(List.of("u@b.test PENDING: Address verification in progress"), heard());
        ask("v@b.test", 0);
        assertEquals(List.of("v@b.test PENDING: Address verification in progress"), heard());
    }

    @Test
    void probesAnAddressOnceAtATimeHoweverManyAsk() {
        inMemory();
        ask("u@b.test");
        ask("u@b.test");
        ask("u@b.test");
        pass(Duration.ofSeconds(2000));
        ask("u@b.test", 0);
        assertEquals(1, probes.size());
        heard();
        ask("u@b.test");
        ask("u@b.test");
        settle(Kind.BOUNCED, "no such user");
        assertEquals(List.of("u@b.test UNDELIVERABLE: no such user", "u@b.test UNDELIVERABLE: no such user"), heard());
    }

    @Test
    void probesAgainWhenAProbeHasLeftTheQueueWithoutAnOutcomeAndItsTimeIsOver() {
        inMemory();
        ask("u@b.test", 0);
        verifier.onProbeEnded(1);
        pass(Duration.ofSeconds(1000));
        ask("u@b.test", 0);
        assertEquals(1, probes.size());
        pass(Duration.ofSeconds(1));
        ask("u@b.test", 0);
        assertEquals(2, probes.size());
    }

    @Test
    void sendsAProbeAgainThatTheQueueRefused() {
        inMemory();
        isFull = true;
        ask("u@b.test", 0);
        isFull = false;
        ask("u@b.test", 0);
        assertEquals(2, probes.size());
    }

    @Test
    void refreshesWhatIsOldAndAnswersWithItMeanwhile() {
        inMemory();
        ask("u@b.test");
        settle(Kind.DELIVERED, "250 Ok");
        pass(Duration.ofDays(7));
        ask("u@b.test");
        assertEquals(1, probes.size());
        pass(Duration.ofSeconds(1));
        heard();
        ask("u@b.test");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 Ok"), heard());
        assertEquals(2, probes.size());
    }

    @Test
    void keepsAGoodAddressThoughAProbeFailsUntilItExpires() {
        inMemory();
        ask("u@b.test");
        settle(Kind.DELIVERED, "250 Ok");
        pass(Duration.ofDays(8));
        ask("u@b.test");
        settle(Kind.BOUNCED, "gone");
        heard();
        ask("u@b.test");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 Ok"), heard());
        pass(Duration.ofDays(24));
        ask("u@b.test");
        assertEquals(List.of(), heard());
        settle(Kind.BOUNCED, "gone");
        assertEquals(List.of("u@b.test UNDELIVERABLE: gone"), heard());
    }

    @Test
    void asksSoonerAgainForWhatDidNotExist() {
        inMemory();
        ask("u@b.test");
        settle(Kind.DEFERRED, "try later");
        pass(Duration.ofHours(3));
        ask("u@b.test");
        assertEquals(1, probes.size());
        pass(Duration.ofSeconds(1));
        ask("u@b.test");
        assertEquals(2, probes.size());
        settle(Kind.DELIVERED, "250 Ok");
        heard();
        ask("u@b.test");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 Ok"), heard());
    }

    @Test
    void forgetsWhatDidNotExistAfterThreeDays() {
        inMemory();
        ask("u@b.test");
        settle(Kind.BOUNCED, "gone");
        pass(Duration.ofDays(3).plusSeconds(1));
        heard();
        ask("u@b.test");
        assertEquals(List.of(), heard());
        assertEquals(2, probes.size());
    }

    @Test
    void remembersNoFailureWhereItShallNot() {
        inMemory("address_verify_negative_cache = no");
        assertFalse(verifier.keepsFailures());
        ask("u@b.test");
        settle(Kind.BOUNCED, "gone");
        assertEquals(List.of("u@b.test PENDING: Address verification in progress"), heard());
        ask("u@b.test");
        assertEquals(2, probes.size());
        settle(Kind.DELIVERED, "250 Ok");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 Ok"), heard());
    }

    @Test
    void learnsOfTheAddressThatWasAskedForAndOfTheOneThatItBecame() {
        inMemory();
        ask("a@b.test");
        settle(new EnvelopeRecipient(MailAddress.of("c", "D.test"), 0, null, "a@b.test"), Kind.DELIVERED, "250 Ok");
        assertEquals(List.of("a@b.test DELIVERABLE: 250 Ok"), heard());
        ask("c@d.test");
        assertEquals(List.of("c@d.test DELIVERABLE: 250 Ok"), heard());
        assertEquals(1, probes.size());
    }

    @Test
    void hasNoServiceWithoutARowOfItsName() {
        verifier.configure(null);
        ask("u@b.test");
        inMemory();
        verifier.query("other", "u@b.test", 0, entry -> answers.add(entry == null ? "no service" : "?"));
        assertEquals(List.of("no service", "no service"), heard());
        assertEquals(List.of(), probes);
    }

    private String map() {
        return "address_verify_map = btree:" + directory.resolve("data/verify_cache");
    }

    private Path file() {
        return directory.resolve("data/verify_cache.entries");
    }

    private void restart() {
        AddressVerifier before = verifier;
        Thread closing = new Thread(before::close);
        closing.start();
        while (closing.isAlive()) {
            loop.runPendingTasks();
        }
        verifier = verifier();
        configure(map());
    }

    @Test
    void knowsAfterARestartWhatItKnewBefore() {
        configure(map());
        ask("u@b.test");
        settle(Kind.DELIVERED, "250 2.1.5 Ok\twith\nodd signs: äß");
        ask("n@b.test");
        settle(Kind.BOUNCED, "gone");
        ask("under@b.test", 0);
        heard();
        restart();
        ask("u@b.test");
        ask("n@b.test");
        ask("under@b.test", 0);
        assertEquals(
                List.of(
                        "u@b.test DELIVERABLE: 250 2.1.5 Ok?with?odd signs: äß",
                        "n@b.test UNDELIVERABLE: gone",
                        "under@b.test PENDING: Address verification in progress"),
                heard());
        assertEquals(3, probes.size());
    }

    @Test
    void startsWithAFileThatIsTornOrNotOurs() throws IOException {
        configure(map());
        ask("u@b.test");
        settle(Kind.DELIVERED, "250 Ok");
        String whole = Files.readString(file());
        Files.writeString(file(), "\0\0\0\nrubbish\n\t1:2\nx@b.test\t9:1:1:bad\n" + whole + "v@b.test\t0:0:17000");
        restart();
        heard();
        ask("u@b.test");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 Ok"), heard());
        // What follows stands on lines of its own again.
        ask("w@b.test");
        settle(Kind.DELIVERED, "250 Ok");
        restart();
        heard();
        ask("w@b.test");
        assertEquals(List.of("w@b.test DELIVERABLE: 250 Ok"), heard());
        assertTrue(Files.readAllLines(file()).stream().allMatch(line -> line.matches("[uw]@b.test\t\\d:\\d+:\\d+:.*")));
    }

    @Test
    void goesOnInMemoryWhereTheFileCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve("data"), "not a directory");
        configure(map());
        ask("u@b.test");
        settle(Kind.DELIVERED, "250 Ok");
        heard();
        ask("u@b.test");
        assertEquals(List.of("u@b.test DELIVERABLE: 250 Ok"), heard());
        assertEquals(
                1,
                log.lines().stream()
                        .filter(line -> line.contains("addresses are remembered in memory only"))
                        .count());
    }

    @Test
    void writesTheFileAnewWhenMostOfItDoesNotHoldAnyMore() throws IOException {
        configure(map());
        for (int i = 0; i < 1200; i++) {
            ask("u@b.test");
            settle(Kind.DELIVERED, "250 Ok " + i);
            pass(Duration.ofDays(32));
        }
        assertTrue(Files.readAllLines(file()).size() < 1100);
    }

    @Test
    void throwsAwayWhatHasExpired() throws IOException {
        configure(map());
        ask("n@b.test");
        settle(Kind.BOUNCED, "gone");
        ask("u@b.test");
        settle(Kind.DELIVERED, "250 Ok");
        for (int i = 0; i < 7; i++) {
            pass(Duration.ofHours(12));
        }
        List<String> lines =
                log.lines().stream().filter(line -> line.contains("cleanup")).toList();
        String cache = "verify: cache btree:" + directory.resolve("data/verify_cache") + " full cleanup: ";
        assertEquals(cache + "retained=2 dropped=0 entries", lines.get(5));
        assertEquals(cache + "retained=1 dropped=1 entries", lines.get(6));
        assertTrue(Files.readAllLines(file()).contains("n@b.test\t"));
    }

    @Test
    void makesRoomBeyondItsLimitWithWhatWasNotDeliverable() {
        VerifyCache cache = new VerifyCache(address -> {});
        cache.put("good@b.test", CacheEntry.of(AddressStatus.DELIVERABLE, 1, "Ok"), 3);
        for (int i = 0; i < 100; i++) {
            cache.put("bad" + i + "@b.test", CacheEntry.of(AddressStatus.UNDELIVERABLE, 2, "no"), 3);
        }
        assertEquals(3, cache.size());
        assertNotNull(cache.find("good@b.test"));
        assertNotNull(cache.find("bad99@b.test"));
        assertNull(cache.find("bad0@b.test"));
    }
}
