// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.route.NextHop;
import dev.stafette.delivery.route.RouteAnswer;
import dev.stafette.delivery.route.RouteAnswer.Hosts;
import dev.stafette.delivery.route.RouteAnswer.NoRoute;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: which host it tries next, until its recipients have their outcomes.
 * Thread: event loop.
 *
 * <pre>
 *   idle session there → transaction
 *   else route → host → connect, EHLO → transaction → next host … → report
 *   stale idle session → as if there had been none
 * </pre>
 * It may wait in line before, and the session that carries the one before it may send its envelope meanwhile.
 */
final class Attempt {
    private final ClientLoop loop;
    private final DeliveryRequest request;
    private final RecipientOutcomes outcomes;
    private final long offeredNs;

    // Owned by the loop.
    private final AttemptTls tls;
    /** Null as long as an idle session will do. */
    private @Nullable HostWalk walk;

    private long startNs;
    private int sessionCount;
    /** Of the idle session that was used before there was a walk. */
    private @Nullable SocketAddress usedAddress;
    /** Of the first next hop that led anywhere. */
    private String site = DeliveryReport.NO_SITE;

    private boolean siteKnown;
    private boolean normalEnd;
    private @Nullable DeliveryOutcome siteFailure;
    /** An idle session was stale, and the others may be no better. */
    private boolean wantsFresh;

    private long connectNs;
    private long sessionStartNs;
    private long transmitNs;
    private int bodyUserCount = 1;
    private boolean finished;

    /** Not in line any more; written by {@link AttemptLines}. */
    boolean underWay;

    // For the loop's list of attempts.
    int slot;

    Attempt(ClientLoop loop, DeliveryRequest request, long nowNs) {
        this.loop = loop;
        this.request = request;
        this.tls = new AttemptTls(request);
        this.outcomes = new RecipientOutcomes(request, loop.settings().habits().softBounce());
        this.offeredNs = nowNs;
        this.startNs = nowNs;
        this.sessionStartNs = nowNs;
    }

    DeliveryRequest request() {
        return request;
    }

    String nextHop() {
        return request.nextHop();
    }

    /** The one of the next hops that is tried; empty as long as an idle session is. */
    String hop() {
        return walk == null ? "" : walk.hop();
    }

    /** The hosts that it is on its way to. */
    String hopSite() {
        return walk == null ? site : walk.site();
    }

    // Recipients, by their place in the request.
    // -----------------------------------------------------------------------

    int[] openRecipients() {
        return outcomes.open();
    }

    /** Without effect once it is reported. */
    void settle(int recipient, DeliveryOutcome outcome) {
        if (!finished) {
            outcomes.put(recipient, outcome);
        }
    }

    // The body: ours, and that of every region on its way to a socket.
    // ---------------------------------------------------

    MessageBody retainBody() {
        bodyUserCount++;
        return request.body();
    }

    void releaseBody() {
        if (--bodyUserCount == 0) {
            request.body().release();
        }
    }

    // The way.
    // ---------------------------------------------------------------------------------------------------------

    void start() {
        startNs = loop.nowNs();
        tls.ask(loop, loop.settings().destination(request.nextHop()), this::begin, this::abandon);
    }

    AttemptTls tls() {
        return tls;
    }

    private void begin() {
        SmtpSession session = loop.idle().take(request.nextHop(), tls);
        if (session == null) {
            route();
        } else if (request.isForAnotherSite(session.site)) {
            loop.idle().add(session);
            route();
        } else {
            use(session);
        }
    }

    private void route() {
        HostWalk begun = walk;
        HostWalk way = begun == null ? new HostWalk(loop.settings(), request.nextHop(), usedAddress) : begun;
        walk = way;
        if (way.isSocket()) {
            way.enterSocket();
            tls.ask(loop, way.hop(), () -> onSite(way), this::abandon);
            return;
        }
        NextHop hop = way.enterNextHop();
        if (hop == null) {
            outcomes.putOpen(OutcomePolicy.badNextHop(way.hop()));
            tryNextHost();
            return;
        }
        boolean mayLoop = way.mayLoop();
        tls.ask(
                loop,
                way.hop(),
                () -> loop.router().route(hop, mayLoop, answer -> onRoute(way, answer)),
                this::abandon);
    }

    private void onRoute(HostWalk way, RouteAnswer answer) {
        if (finished) {
            return;
        }
        if (answer instanceof Hosts found) {
            way.enterSite(found);
            if (found.mayBeMore()) {
                outcomes.keepForAnother();
            }
            if (found.isOurs()) {
                way.leaveFallbackOut();
            }
            onSite(way);
            return;
        }
        if (answer instanceof NoRoute none) {
            DeliveryOutcome why = OutcomePolicy.noRoute(none);
            if (none.isOurs()) {
                way.leaveFallbackOut();
            }
            // Nobody has refused the mail yet while there is another next hop.
            onHostFailed(way.hasMoreHops() ? why.withKind(Kind.DEFERRED) : why);
        }
        tryNextHost();
    }

    private void onSite(HostWalk way) {
        if (isForAnotherSite(way)) {
            if (sessionCount == 0) {
                comeBack();
                return;
            }
            way.dropHosts();
        }
        tryNextHost();
    }

    /** It may not connect there. Of several next hops its place is at the first that leads anywhere; the others go uncounted. */
    private boolean isForAnotherSite(HostWalk way) {
        if (siteKnown) {
            return false;
        }
        siteKnown = true;
        site = way.site();
        return request.isForAnotherSite(site);
    }

    /** Untried: whoever gave it must have a place for it at its site. */
    private void comeBack() {
        finished = true;
        loop.forget(this);
        releaseBody();
        request.listener().onAttempted(request, DeliveryReport.untriedAt(site));
        loop.lines().leave(this, false);
    }

    private void tryNextHost() {
        if (!outcomes.hasOpen()) {
            finish();
            return;
        }
        HostWalk way = walk;
        if (way == null) {
            route();
            return;
        }
        Peer host = way.nextHost(tls);
        if (host != null) {
            outcomes.noticeTurn(loop.log());
            tls.askOf(loop, host, way.trust(), () -> tryHost(host, way.site()), this::onHostUnfit);
        } else if (way.hasMoreHops()) {
            outcomes.noticeTurn(loop.log());
            route();
        } else {
            finish();
        }
    }

    /** Nobody may be asked there. */
    private void onHostUnfit(DeliveryOutcome why) {
        if (!finished) {
            onHostFailed(why);
            tryNextHost();
        }
    }

    private void tryHost(Peer host, String hopSite) {
        if (finished) {
            return;
        }
        SmtpSession session = wantsFresh ? null : loop.idle().take(host.address(), tls);
        if (session == null && hopSite.equals(request.site())) {
            session = takeOfSite(hopSite);
        }
        if (session == null) {
            loop.connect(this, host);
        } else {
            use(session);
        }
    }

    /** An idle connection to another host of the site: there is room for no more beside it. */
    private @Nullable SmtpSession takeOfSite(String hopSite) {
        SmtpSession session = loop.idle().takeOfSite(hopSite);
        if (session != null && (wantsFresh || !tls.suits(session))) {
            session.close();
            return null;
        }
        return session;
    }

    private void use(SmtpSession session) {
        onCarried(session);
        session.carry(this);
    }

    private void onCarried(SmtpSession session) {
        sessionCount++;
        sessionStartNs = loop.nowNs();
        if (walk == null) {
            usedAddress = session.peer().address();
            site = session.site;
        } else {
            walk.onCarried();
        }
    }

    /** The session has sent our envelope behind another message, and that message is done. */
    void onTurn(SmtpSession session) {
        startNs = loop.nowNs();
        loop.lines().enter(this);
        onCarried(session);
    }

    /** The session that had sent our envelope has ended before our turn came: nothing has happened to us. */
    void onTurnLost() {
        loop.lines().putBack(this);
    }

    // Events.
    // ----------------------------------------------------------------------------------------------------------

    void onConnectFailed(DeliveryOutcome why) {
        if (finished) {
            return;
        }
        outcomes.setNoticed(why);
        loop.log().onNotice(null, why.text());
        onHostFailed(why);
        tryNextHost();
    }

    /** A new connection is past EHLO. */
    void onSession(SmtpSession session) {
        connectNs = loop.nowNs() - startNs;
        loop.log().onSession();
        use(session);
    }

    /** The host refused the session before EHLO was answered; it does not count as one. */
    void onRefused(DeliveryOutcome why) {
        if (finished) {
            return;
        }
        onHostFailed(why);
        tryNextHost();
    }

    void onGreetedByOurself(Peer peer) {
        onRefused(OutcomePolicy.greetedByOurself(peer, request.nextHop(), walk == null || walk.isAtBest()));
    }

    /** The next connection to that server is in the clear: no TLS is to be had there, and none is demanded. */
    void doWithoutTls(Peer peer) {
        tls.giveUp(peer.address());
        if (walk != null) {
            walk.stepBack();
        }
    }

    private void onHostFailed(DeliveryOutcome why) {
        outcomes.putOpen(why);
        siteFailure = OutcomePolicy.siteFailure(why) == null ? null : why;
    }

    /** The session that was idle turned out to be gone before it took anything: as if it had not been there. */
    void onStale() {
        if (finished) {
            return;
        }
        sessionCount--;
        wantsFresh = true;
        if (walk == null) {
            usedAddress = null;
        } else {
            walk.onStale();
        }
        tryNextHost();
    }

    /** The transaction has ended with replies to all commands. */
    void onTransactionEnd() {
        if (finished) {
            return;
        }
        normalEnd = true;
        endSession();
        tryNextHost();
    }

    /**
     * The connection was lost; the recipients have their outcomes.
     *
     * @param maybeSent the server may have taken the message: another host would get a copy
     */
    void onTransactionBroken(DeliveryOutcome why, boolean maybeSent) {
        if (finished) {
            return;
        }
        siteFailure = OutcomePolicy.siteFailure(why) == null ? null : why;
        endSession();
        if (maybeSent) {
            finish();
        } else {
            tryNextHost();
        }
    }

    private void endSession() {
        transmitNs += loop.nowNs() - sessionStartNs;
    }

    /** Nothing more can be done: what is undecided stays so. */
    void abandon(DeliveryOutcome why) {
        if (!finished) {
            outcomes.putOpen(why);
            finish();
        }
    }

    private void finish() {
        finished = true;
        loop.forget(this);
        String failure = null;
        if (siteFailure != null && !normalEnd && outcomes.hasOpen()) {
            failure = OutcomePolicy.siteFailure(siteFailure);
        }
        if (sessionCount == 0) {
            connectNs = loop.nowNs() - startNs;
        }
        DeliveryOutcome[] last = outcomes.end();
        releaseBody();
        request.listener()
                .onAttempted(
                        request, new DeliveryReport(last, failure, site, startNs - offeredNs, connectNs, transmitNs));
        loop.lines().leave(this, failure != null);
    }

    /** Out of the line, untried. */
    void giveBack() {
        finished = true;
        loop.forget(this);
        releaseBody();
        request.listener().onAttempted(request, DeliveryReport.untried());
    }
}
