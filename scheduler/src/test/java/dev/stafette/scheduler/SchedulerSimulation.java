// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A queue with sites that fall ill and get well, operators that interfere, and time that passes, all from one seed. After
 * each event everything that must hold is checked against a plain model of what the scheduler said.
 */
final class SchedulerSimulation {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = 1_000 * SECOND;
    private static final long MINIMAL_BACKOFF = 300 * SECOND;
    private static final int SITES = 8;

    /** Due times are met within a tick, which is half a second. */
    private static final long TICK = 1L << TimerBuckets.TICK_SHIFT;

    private enum Health {
        WELL,
        REFUSES_CONNECTIONS,
        DEFERS_RECIPIENTS,
        REJECTS_RECIPIENTS,
        MIXED
    }

    /** What is known of a destination from outside; forgotten when the scheduler forgets it. */
    private static final class Site {
        Health health = Health.WELL;
        long deadUntilNs = Long.MIN_VALUE;
        boolean onProbation;
        int windowGranted;
        int inFlight;
    }

    /** What became of recipients. */
    private int added;

    private int delivered;
    private int failed;
    private int expired;
    private int removed;

    private final Random random;
    private final Scheduler scheduler;
    private final boolean probes;
    private final int lookAhead;
    private final Map<String, Site> sites = new HashMap<>();
    private final List<Entry> inFlight = new ArrayList<>();
    private final Set<Integer> inFlightRecipients = new HashSet<>();
    private final Map<Long, Integer> messages = new HashMap<>();
    private final Map<Integer, Long> dueTimes = new HashMap<>();
    private final Set<Integer> done = new HashSet<>();
    private final EntrySink sink = new Sink();
    private final Gate gate = new Gate();

    private long nowNs = START;
    private long nextQueueId = 1;

    SchedulerSimulation(long seed) {
        random = new Random(seed);
        probes = random.nextInt(4) > 0;
        TransportSettings smtp = new TransportSettings(
                random.nextInt(12),
                1 + random.nextInt(6),
                random.nextInt(5),
                random.nextBoolean() ? Feedback.ONE : new Feedback(1, true),
                random.nextBoolean() ? Feedback.ONE : new Feedback(0.5, false),
                1 + random.nextInt(3),
                random.nextBoolean() ? DeliverySlots.DEFAULTS : new DeliverySlots(random.nextInt(4), 2, 70, 1),
                0,
                random.nextBoolean() ? random.nextInt(1, 4) : 0,
                0,
                0,
                random.nextBoolean() ? 0 : 1 + random.nextInt(20));
        lookAhead = smtp.lookAhead();
        SchedulerSettings settings = new SchedulerSettings(
                smtp,
                Map.of("local", smtp.withConcurrency(1, 2).withRecipientLimit(1)),
                MINIMAL_BACKOFF,
                4000 * SECOND,
                (1 + random.nextInt(100)) * 1000 * SECOND,
                random.nextInt(50) * 1000 * SECOND,
                random.nextInt(3) * 0.1,
                probes,
                10_000);
        scheduler = new Scheduler(settings, gate, seed, nowNs);
    }

    void run(int events) {
        for (int i = 0; i < events; i++) {
            event();
            check();
        }
        recover();
    }

    private void event() {
        int roll = random.nextInt(100);
        if (roll < 20) {
            addMessage();
        } else if (roll < 45) {
            scheduler.poll(nowNs, sink, 1 + random.nextInt(20));
        } else if (roll < 75) {
            endAttempt();
        } else if (roll < 85) {
            passTime();
        } else if (roll < 90) {
            site(random.nextInt(SITES)).health = Health.values()[random.nextInt(5)];
        } else {
            interfere(random.nextInt(8));
        }
    }

    private Site site(int number) {
        return sites.computeIfAbsent("site" + number, name -> new Site());
    }

    private Site siteOf(int destination) {
        return sites.computeIfAbsent(scheduler.view().nextHopOf(destination), name -> new Site());
    }

    private void addMessage() {
        long queueId = nextQueueId++;
        int message = scheduler.addMessage(queueId, nowNs, random.nextInt(5) == 0, queueId, ~queueId);
        messages.put(queueId, message);
        boolean large = random.nextInt(20) == 0;
        int count = large ? 20 + random.nextInt(60) : 1 + random.nextInt(6);
        int first = random.nextInt(SITES);
        for (int i = 0; i < count; i++) {
            int number = large ? first : random.nextInt(SITES);
            int destination = scheduler.destination(number == 0 ? "local" : "smtp", "site" + number);
            int recipient;
            if (random.nextInt(6) == 0) {
                long dueNs = nowNs + random.nextInt(2000) * SECOND - 500 * SECOND;
                recipient = scheduler.addDeferred(message, i, destination, 1, dueNs, "before");
                dueTimes.put(recipient, dueNs);
            } else {
                recipient = scheduler.addReady(message, i, destination);
                dueTimes.put(recipient, nowNs);
            }
            done.remove(recipient);
            added++;
        }
    }

    private void passTime() {
        long span = random.nextInt(3) == 0 ? 5000 * SECOND : 60 * SECOND;
        nowNs += (long) (random.nextDouble() * span);
    }

    private void endAttempt() {
        if (inFlight.isEmpty()) {
            return;
        }
        Entry entry = inFlight.remove(random.nextInt(inFlight.size()));
        Site site = siteOf(entry.destination());
        if (random.nextInt(20) == 0) {
            giveBack(entry, site);
            gate.wakeWaiting();
            return;
        }
        Health health = site.health == Health.MIXED ? Health.values()[random.nextInt(4)] : site.health;
        for (int i = 0; i < entry.size(); i++) {
            settle(entry, i, health);
        }
        leaveFlight(entry, site);
        finish(entry, site, health == Health.REFUSES_CONNECTIONS);
        gate.wakeWaiting();
    }

    /** Nothing was attempted; some are for another site now, and some must wait. */
    private void giveBack(Entry entry, Site site) {
        boolean gone = scheduler.view().isRemoved(entry.message());
        leaveFlight(entry, site);
        for (int i = 0; i < entry.size(); i++) {
            int what = random.nextInt(4);
            if (what == 0) {
                settle(entry, i, Health.DEFERS_RECIPIENTS);
                continue;
            }
            if (what == 1) {
                int destination = scheduler.destination("smtp", "site" + (1 + random.nextInt(SITES - 1)));
                scheduler.settleMoved(entry, i, destination, nowNs);
                assertEquals(destination, scheduler.view().destinationOf(entry.recipient(i)));
            }
            removed += gone ? 1 : 0;
        }
        scheduler.giveBack(entry, nowNs);
    }

    private void leaveFlight(Entry entry, Site site) {
        site.inFlight--;
        for (int i = 0; i < entry.size(); i++) {
            inFlightRecipients.remove(entry.recipient(i));
        }
    }

    private void settle(Entry entry, int i, Health health) {
        int recipient = entry.recipient(i);
        boolean gone = scheduler.view().isRemoved(entry.message());
        if (health == Health.WELL) {
            scheduler.settleDone(entry, i);
            delivered++;
        } else if (health == Health.REJECTS_RECIPIENTS) {
            scheduler.settleDone(entry, i);
            failed++;
        } else {
            long dueNs = scheduler.settleDeferred(entry, i, nowNs, "reason " + random.nextInt(3));
            assertEquals(gone, dueNs == Scheduler.REMOVED);
            if (gone) {
                removed++;
            } else if (dueNs == Scheduler.EXPIRED) {
                expired++;
            } else {
                assertTrue(dueNs - nowNs >= MINIMAL_BACKOFF, "backoff below the minimum");
                dueTimes.put(recipient, dueNs);
                return;
            }
        }
        done.add(recipient);
    }

    private void finish(Entry entry, Site site, boolean unwell) {
        int destination = entry.destination();
        boolean dead = scheduler.view().window(destination) == 0;
        long revivesAtNs = site.deadUntilNs;
        scheduler.finish(entry, unwell ? "refused" : null, nowNs);
        String name = "site" + destination;
        if (!unwell) {
            site.deadUntilNs = Long.MIN_VALUE;
            site.onProbation = false;
        } else if (!dead && isKnown(destination) && scheduler.view().window(destination) == 0) {
            site.deadUntilNs = nowNs + MINIMAL_BACKOFF;
            site.onProbation = false;
        } else if (dead) {
            assertEquals(revivesAtNs, site.deadUntilNs, name);
        }
    }

    private boolean isKnown(int destination) {
        List<Integer> all = new ArrayList<>();
        scheduler.view().walkDestinations(0, Integer.MAX_VALUE, all::add);
        return all.contains(destination);
    }

    private void interfere(int what) {
        int message = anyMessage();
        if (message == Scheduler.NONE) {
            return;
        }
        switch (what) {
            case 0 -> scheduler.commands().hold(message);
            case 1, 2 -> release(message);
            case 3 -> remove(message);
            case 4 -> {
                scheduler.commands().flush();
                forgiveAll();
            }
            case 5 -> {
                scheduler.commands().flushMessage(message);
                forgiveAll();
            }
            case 6 -> flushDestination(message);
            default -> expire(message);
        }
    }

    private void expire(int message) {
        if (random.nextInt(4) == 0) {
            scheduler.commands().expire(message);
        }
    }

    /** Dues and deaths are void after a flush; which ones is the scheduler's word. */
    private void forgiveAll() {
        dueTimes.replaceAll((recipient, dueNs) -> Math.min(dueNs, nowNs));
        sites.values().forEach(site -> site.deadUntilNs = Long.MIN_VALUE);
        gate.blockedUntilNs.clear();
    }

    private void flushDestination(int message) {
        int recipient = scheduler.view().firstRecipient(message);
        if (scheduler.view().status(recipient) != RecipientStatus.DONE) {
            scheduler.commands().flushDestination(scheduler.view().destinationOf(recipient));
            forgiveAll();
            // To the end of its sweep: what is deferred meanwhile may be swept as well, and be early.
            scheduler.poll(nowNs, sink, Integer.MAX_VALUE);
        }
    }

    private void release(int message) {
        if (scheduler.view().isHeld(message)) {
            scheduler.commands().release(message, nowNs);
        }
    }

    private void remove(int message) {
        if (random.nextInt(3) > 0) {
            return;
        }
        for (int at = scheduler.view().firstRecipient(message);
                at != Scheduler.NONE;
                at = scheduler.view().nextRecipient(at)) {
            RecipientStatus status = scheduler.view().status(at);
            if (status != RecipientStatus.IN_FLIGHT && status != RecipientStatus.DONE) {
                removed++;
            }
        }
        messages.remove(scheduler.view().queueId(message));
        scheduler.commands().remove(message);
    }

    private int anyMessage() {
        if (messages.isEmpty()) {
            return Scheduler.NONE;
        }
        List<Long> ids = messages.keySet().stream().sorted().toList();
        return messages.get(ids.get(random.nextInt(ids.size())));
    }

    /**
     * A limit of a few attempts over all sites, which wakes what waits, and now and then a rate that names a time, for a
     * site or for one message.
     */
    private final class Gate implements EntryGate {
        private static final int LIMIT = 6;

        private final Set<Integer> waiting = new TreeSet<>();
        private final Set<Integer> waitingJobs = new TreeSet<>();
        private final Map<Integer, Long> blockedUntilNs = new HashMap<>();
        private int admitted;
        private boolean open;

        @Override
        public BlockedBy admit(Candidate candidate, long now) {
            int destination = candidate.destination();
            assertEquals(nowNs, now);
            Long untilNs = blockedUntilNs.remove(destination);
            assertTrue(untilNs == null || nowNs >= untilNs, "asked again before the time");
            if (!open && random.nextInt(10) == 0) {
                long next = nowNs + random.nextInt(600) * SECOND;
                blockedUntilNs.put(destination, next);
                return new BlockedBy("a rate", next);
            }
            if (!open && random.nextInt(10) == 0) {
                return refuseJob(candidate);
            }
            if (!open && admitted >= LIMIT) {
                waiting.add(destination);
                return new BlockedBy("a limit", BlockedBy.UNTIL_EVENT);
            }
            admitted++;
            return null;
        }

        @Override
        public void release(Entry entry, long now) {
            admitted--;
        }

        private BlockedBy refuseJob(Candidate candidate) {
            assertEquals(scheduler.view().slotOf(candidate.queueId()), candidate.message());
            if (random.nextBoolean()) {
                return new BlockedBy("a tenant's rate", nowNs + random.nextInt(600) * SECOND, BlockedBy.Scope.JOB);
            }
            waitingJobs.add(candidate.job());
            return new BlockedBy("a tenant's limit", BlockedBy.UNTIL_EVENT, BlockedBy.Scope.JOB);
        }

        void wakeWaiting() {
            waitingJobs.forEach(scheduler::wakeJob);
            waitingJobs.clear();
            for (int destination : waiting) {
                scheduler.wake(destination);
                blockedUntilNs.remove(destination);
            }
            waiting.clear();
        }
    }

    private final class Sink implements EntrySink {
        @Override
        public void onEntry(Entry entry) {
            Site site = siteOf(entry.destination());
            assertTrue(nowNs >= site.deadUntilNs, "attempt at a dead destination");
            if (site.deadUntilNs != Long.MIN_VALUE) {
                site.onProbation = probes;
                site.deadUntilNs = Long.MIN_VALUE;
                assertTrue(!probes || site.inFlight == 0, "a probe has company");
            } else {
                assertTrue(!site.onProbation || site.inFlight == 0, "a probe gets company");
            }
            site.inFlight++;
            inFlight.add(entry);
            for (int i = 0; i < entry.size(); i++) {
                int recipient = entry.recipient(i);
                assertTrue(inFlightRecipients.add(recipient), "in flight twice");
                assertEquals(entry.envelopeIndex(i), scheduler.view().envelopeIndexOf(recipient));
                assertEquals(entry.message(), scheduler.view().messageOf(recipient));
                assertTrue(nowNs >= dueTimes.get(recipient), "tried before its time");
            }
        }

        @Override
        public void onSuspended(int message, int recipient, String siteReason, long dueNs) {
            assertEquals(RecipientStatus.DEFERRED, scheduler.view().status(recipient));
            assertEquals(Scheduler.SUSPENDED + siteReason, scheduler.view().reasonOf(recipient));
            assertTrue(dueNs - nowNs >= MINIMAL_BACKOFF);
            dueTimes.put(recipient, dueNs);
        }

        @Override
        public void onExpired(int message, int recipient) {
            assertEquals(RecipientStatus.DONE, scheduler.view().status(recipient));
            assertTrue(!scheduler.view().isHeld(message), "expired on hold");
            expired++;
            done.add(recipient);
        }
    }

    private void check() {
        checkMessages();
        checkDestinations();
        assertEquals(inFlightRecipients.size(), scheduler.view().count(RecipientStatus.IN_FLIGHT));
        int queued = 0;
        for (RecipientStatus status : RecipientStatus.values()) {
            queued += status == RecipientStatus.DONE ? 0 : scheduler.view().count(status);
        }
        assertEquals(added, delivered + failed + expired + removed + queued, "conservation");
    }

    /** Each recipient's status is one that fits what was told of it. */
    private void checkMessages() {
        List<Long> finished = new ArrayList<>();
        assertEquals(messages.size(), scheduler.view().messageCount());
        messages.forEach((queueId, message) -> {
            assertEquals(message, scheduler.view().slotOf(queueId));
            assertEquals(queueId, scheduler.view().bodyA(message));
            assertEquals(~queueId, scheduler.view().bodyB(message));
            boolean active = false;
            boolean open = false;
            for (int at = scheduler.view().firstRecipient(message);
                    at != Scheduler.NONE;
                    at = scheduler.view().nextRecipient(at)) {
                RecipientStatus status = scheduler.view().status(at);
                assertEquals(inFlightRecipients.contains(at), status == RecipientStatus.IN_FLIGHT);
                assertEquals(done.contains(at), status == RecipientStatus.DONE, () -> "done or not: " + status);
                assertTrue(!scheduler.view().isHeld(message)
                        || status != RecipientStatus.READY && status != RecipientStatus.DEFERRED);
                assertTrue(scheduler.view().isHeld(message) || status != RecipientStatus.HELD);
                active |= status == RecipientStatus.READY || status == RecipientStatus.IN_FLIGHT;
                open |= status != RecipientStatus.DONE;
            }
            assertEquals(active, scheduler.view().isActive(message));
            assertEquals(!open, scheduler.view().isDone(message));
            if (!open && random.nextBoolean()) {
                finished.add(queueId);
            }
        });
        for (long queueId : finished) {
            scheduler.commands().remove(messages.remove(queueId));
        }
    }

    private void checkDestinations() {
        int[] ready = {0};
        int[] busy = {0};
        Set<String> known = new HashSet<>();
        scheduler.view().walkDestinations(0, Integer.MAX_VALUE, destination -> {
            Site site = siteOf(destination);
            known.add(scheduler.view().nextHopOf(destination));
            site.windowGranted = Math.max(site.windowGranted, scheduler.view().window(destination));
            assertEquals(site.inFlight, scheduler.view().inFlightCount(destination));
            // Those that wait in the transport are as many at most, and each takes the place of one that ends.
            int placesMax = (1 + lookAhead) * site.windowGranted;
            assertTrue(site.inFlight <= placesMax, "more in flight than any window ever let");
            assertEquals(
                    scheduler.view().window(destination) == 0,
                    scheduler.view().blockedBy(destination) != null
                            && scheduler.view().blockedBy(destination).reason().startsWith(Scheduler.SUSPENDED));
            ready[0] += scheduler.view().readyCount(destination);
            busy[0] += scheduler.view().inFlightCount(destination);
        });
        assertEquals(scheduler.view().count(RecipientStatus.READY), ready[0]);
        assertEquals(inFlight.size(), busy[0]);
        assertEquals(inFlight.size(), gate.admitted);
        sites.forEach((name, site) -> {
            if (!known.contains(name)) {
                site.deadUntilNs = Long.MIN_VALUE;
                site.onProbation = false;
                site.windowGranted = 0;
            }
        });
        // A destination that is forgotten takes its block with it, and another may get its id.
        gate.blockedUntilNs
                .keySet()
                .removeIf(
                        destination -> !isKnown(destination) || scheduler.view().blockedBy(destination) == null);
    }

    /** All sites get well: whatever is queued must come to its end, and nothing be left behind. */
    private void recover() {
        sites.values().forEach(site -> site.health = Health.WELL);
        gate.open = true;
        gate.wakeWaiting();
        messages.values().forEach(this::release);
        long endNs = nowNs + 20_000 * SECOND;
        while (nowNs < endNs && scheduler.view().messageCount() > 0) {
            nowNs += 10 * SECOND;
            scheduler.poll(nowNs, sink, Integer.MAX_VALUE);
            while (!inFlight.isEmpty()) {
                endAttempt();
            }
            check();
        }
        assertEquals(0, scheduler.view().messageCount(), "left in the queue");
        nowNs += 5000 * SECOND;
        scheduler.poll(nowNs + TICK, sink, Integer.MAX_VALUE);
        assertEquals(0, scheduler.view().destinationCount(), "destinations left behind");
        assertEquals(0, scheduler.view().count(RecipientStatus.DONE));
        assertEquals(Long.MAX_VALUE, scheduler.nextDeadlineNs(), "something waits for nothing");
    }
}
