// SPDX-License-Identifier: Apache-2.0
package dev.stafette.scheduler;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the attempts under way to one site, over all the destinations that share it, within the transport's limit.
 * Thread: queue agent.
 *
 * <p>Which site a destination has is learned from the first attempt, which goes alone; it may be another one later. A
 * destination that finds its site full waits there in line, and is woken when a place is free, which is kept for it until
 * its turn comes: so the destinations of a site take turns, however many there are, and nothing polls.
 */
final class SiteLimits implements EntryGate {
    private static final BlockedBy LEARNING =
            new BlockedBy("the first attempt, which learns its site", BlockedBy.UNTIL_EVENT);

    private final Destinations destinations;

    SiteLimits(Destinations destinations) {
        this.destinations = destinations;
    }

    /** When the limits have changed: a limit that has grown lets more in. */
    void reload() {
        for (TransportLane lane : destinations.lanes()) {
            for (Site site : lane.sites().values()) {
                wakeThoseThatFit(site, limit(lane));
            }
        }
    }

    private static int limit(TransportLane lane) {
        return lane.settings().siteConcurrencyLimit();
    }

    @Override
    public @Nullable BlockedBy admit(Candidate candidate, long nowNs) {
        Destination destination = destinations.get(candidate.destination());
        endTurn(destination);
        int limit = limit(destination.lane);
        if (limit == 0) {
            return null;
        }
        Site site = destination.site;
        if (site == null) {
            if (destination.learnsSite) {
                return LEARNING;
            }
            destination.learnsSite = true;
            candidate.enter(Site.UNKNOWN);
            return null;
        }
        if (!site.hasRoom(limit)) {
            if (!destination.waitsForSite) {
                destination.waitsForSite = true;
                site.waiting.add(destination);
            }
            return site.full(limit);
        }
        site.inFlightCount++;
        candidate.enter(site);
        return null;
    }

    /** The place that was kept for it is free: to be its own, or somebody else's. */
    private static boolean endTurn(Destination destination) {
        if (!destination.hasSiteTurn) {
            return false;
        }
        destination.hasSiteTurn = false;
        if (destination.site != null) {
            destination.site.turnCount--;
        }
        return true;
    }

    /** Its turn has come, and it has nothing to send. */
    void pass(Destination destination) {
        Site site = destination.site;
        if (endTurn(destination) && site != null) {
            wakeThoseThatFit(site, limit(destination.lane));
        }
    }

    @Override
    public void release(Entry entry, long nowNs) {
        Site site = entry.admittedTo();
        if (site == null) {
            return;
        }
        Destination destination = destinations.get(entry.destination());
        if (site == Site.UNKNOWN) {
            destination.learnsSite = false;
            destination.block(null);
            return;
        }
        site.inFlightCount--;
        wakeThoseThatFit(site, limit(destination.lane));
        forgetUnused(site, destination.lane);
    }

    /** In the order in which they came; those that cannot go now come again by themselves when they can. */
    private void wakeThoseThatFit(Site site, int limit) {
        while (site.hasRoom(limit)) {
            Destination destination = site.waiting.poll();
            if (destination == null) {
                return;
            }
            if (destination.site == site && destination.waitsForSite) {
                destination.waitsForSite = false;
                destination.block(null);
                if (destination.canGo()) {
                    destination.hasSiteTurn = true;
                    site.turnCount++;
                    destinations.offer(destination);
                }
            }
        }
    }

    /** What an attempt has found out. */
    void learn(Destination destination, String name) {
        if (limit(destination.lane) == 0 || name.isEmpty()) {
            return;
        }
        Site before = destination.site;
        if (before != null && before.name.equals(name)) {
            return;
        }
        leave(destination);
        Site site = destination.lane.sites().computeIfAbsent(name, Site::new);
        site.destinationCount++;
        destination.site = site;
        destinations.offer(destination);
    }

    /** The destination is forgotten, or has another site. */
    void leave(Destination destination) {
        Site site = destination.site;
        if (site == null) {
            return;
        }
        pass(destination);
        if (destination.waitsForSite) {
            // It stays in line until it would be woken, and is passed over then.
            destination.waitsForSite = false;
            destination.block(null);
        }
        destination.site = null;
        site.destinationCount--;
        forgetUnused(site, destination.lane);
    }

    private static void forgetUnused(Site site, TransportLane lane) {
        if (site.destinationCount == 0 && site.inFlightCount == 0) {
            lane.sites().remove(site.name, site);
        }
    }
}
