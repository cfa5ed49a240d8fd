// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.MessageBody;
import dev.stafette.delivery.route.MailHost;
import dev.stafette.delivery.route.NextHop;
import dev.stafette.delivery.route.RouteAnswer;
import dev.stafette.delivery.route.RouteAnswer.Hosts;
import dev.stafette.delivery.route.RouteAnswer.NoRoute;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: which hosts it may still try, and the outcome of each recipient so far.
 * Thread: event loop.
 *
 * <pre>
 *   idle session there → transaction
 *   else route → host → connect, EHLO → transaction → next host … → report
 *   stale idle session → as if there had been none
 * </pre>
 * It may wait in line before, and the session that carries the one before it may send its envelope meanwhile.
 * A recipient that was deferred stays open for the next host; its last outcome is reported.
 */
final class Attempt {
    private final ClientLoop loop;
    private final DeliveryRequest request;
    private final DeliveryOutcome[] outcomes;
    private final long offeredNs;

    // Owned by the loop.
    private List<MailHost> hosts = List.of();
    private int hostIndex;
    private long startNs;
    private int sessionCount;
    /** Of the next hops before the present one. */
    private int earlierSessionCount;
    /** The next hops of the request, and those to fall back to. */
    private String hops;
    /** The one that is tried. */
    private String hop = "";
    /** Where the next of several next hops begins in {@link #hops}. */
    private int hopOffset;

    private boolean routed;
    /** Of the first next hop that led anywhere. */
    private String site = DeliveryReport.NO_SITE;

    private boolean siteKnown;
    /** Of the present next hop. */
    private String hopSite = DeliveryReport.NO_SITE;

    private int port;
    private boolean normalEnd;
    private @Nullable DeliveryOutcome siteFailure;
    /** The outcome that the log had last. */
    private @Nullable DeliveryOutcome noticed;
    /** Of an idle session that was used before the hosts were known: it is not tried again. */
    private @Nullable InetSocketAddress usedAddress;
    /** An idle session was stale, and the others may be no better. */
    private boolean wantsFresh;

    private final AttemptTls tls;

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
        this.tls = new AttemptTls(request.nextHop());
        String fallback = loop.settings().fallbackRelay();
        this.hops = fallback.isEmpty() ? request.nextHop() : request.nextHop() + ',' + fallback;
        this.outcomes = new DeliveryOutcome[request.recipients().length];
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
        return hop;
    }

    /** The hosts that it is on its way to. */
    String hopSite() {
        return hopSite;
    }

    // Recipients, by their place in the request.
    // -----------------------------------------------------------------------

    private boolean isOpen(int recipient) {
        return outcomes[recipient] == null || outcomes[recipient].kind() == Kind.DEFERRED;
    }

    int[] openRecipients() {
        int count = 0;
        for (int i = 0; i < outcomes.length; i++) {
            count += isOpen(i) ? 1 : 0;
        }
        int[] open = new int[count];
        for (int i = 0, at = 0; i < outcomes.length; i++) {
            if (isOpen(i)) {
                open[at++] = i;
            }
        }
        return open;
    }

    /** Without effect once it is reported. */
    void settle(int recipient, DeliveryOutcome outcome) {
        if (!finished) {
            outcomes[recipient] = outcome;
        }
    }

    private boolean isComplete() {
        return Arrays.stream(outcomes).noneMatch(Objects::isNull);
    }

    private void settleOpen(DeliveryOutcome outcome) {
        for (int i = 0; i < outcomes.length; i++) {
            if (isOpen(i)) {
                outcomes[i] = outcome;
            }
        }
    }

    private boolean hasOpen() {
        for (int i = 0; i < outcomes.length; i++) {
            if (isOpen(i)) {
                return true;
            }
        }
        return false;
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
        tls.ask(loop, request.nextHop(), this::begin, this::abandon);
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
        routed = true;
        String text = takeNextHop();
        hop = text;
        hosts = List.of();
        hostIndex = 0;
        earlierSessionCount = sessionCount;
        NextHop hop = NextHop.parse(text, loop.settings().port());
        if (hop == null) {
            settleOpen(OutcomePolicy.badNextHop(text));
            tryNextHost();
            return;
        }
        port = hop.port();
        boolean isUsual = port == loop.settings().port();
        tls.ask(loop, text, () -> loop.router().route(hop, isUsual, this::onRoute), this::abandon);
    }

    /** Of several, separated by commas, the next is tried when the hosts of the one before were. */
    private String takeNextHop() {
        String all = hops;
        int comma = all.indexOf(',', hopOffset);
        String hop = hopOffset == 0 && comma < 0 ? all : all.substring(hopOffset, comma < 0 ? all.length() : comma);
        hopOffset = comma < 0 ? all.length() : comma + 1;
        return hop.strip();
    }

    private boolean hasMoreNextHops() {
        return hopOffset < hops.length();
    }

    /** Where mail falls back to may send it here again, as to an exchange of the domain. */
    private void leaveFallbackOut() {
        if (hopOffset <= request.nextHop().length() + 1) {
            hops = request.nextHop();
        }
    }

    private void onRoute(RouteAnswer answer) {
        if (finished) {
            return;
        }
        if (answer instanceof Hosts found) {
            hopSite = port == loop.settings().port() ? found.site() : found.site() + ':' + port;
            if (isForAnotherSite()) {
                if (sessionCount == 0) {
                    comeBack();
                    return;
                }
            } else {
                hosts = found.hosts();
            }
            if (found.isOurs()) {
                leaveFallbackOut();
            }
        } else if (answer instanceof NoRoute none) {
            DeliveryOutcome why = OutcomePolicy.noRoute(none);
            if (none.isOurs()) {
                leaveFallbackOut();
            }
            // Nobody has refused the mail yet while there is another next hop.
            onHostFailed(hasMoreNextHops() ? why.withKind(Kind.DEFERRED) : why);
        }
        tryNextHost();
    }

    /** It may not connect there. Of several next hops its place is at the first that leads anywhere; the others go uncounted. */
    private boolean isForAnotherSite() {
        if (siteKnown) {
            return false;
        }
        siteKnown = true;
        site = hopSite;
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
        if (!hasOpen()) {
            finish();
            return;
        }
        if (!routed) {
            route();
            return;
        }
        int limit = loop.settings().mxSessionLimit();
        while (hostIndex < hosts.size() && (limit == 0 || sessionCount - earlierSessionCount < limit)) {
            MailHost host = hosts.get(hostIndex++);
            InetSocketAddress address = new InetSocketAddress(host.address(), port);
            if (!address.equals(usedAddress) || tls.isToBeTriedInClear(address)) {
                noticeTurn();
                tryHost(host, address);
                return;
            }
        }
        if (hasMoreNextHops()) {
            noticeTurn();
            route();
        } else {
            finish();
        }
    }

    /** Logs the reply of the host before, which the next one's replaces. */
    private void noticeTurn() {
        for (DeliveryOutcome outcome : outcomes) {
            if (outcome != null && outcome.kind() == Kind.DEFERRED && outcome != noticed) {
                noticed = outcome;
                loop.log().onNotice(request.queueId(), outcome.text());
            }
        }
    }

    private void tryHost(MailHost host, InetSocketAddress address) {
        SmtpSession session = wantsFresh ? null : loop.idle().take(address, tls);
        if (session == null && hopSite.equals(request.site())) {
            session = takeOfSite();
        }
        if (session == null) {
            loop.connect(this, Peer.of(host.name(), address));
        } else {
            use(session);
        }
    }

    /** An idle connection to another host of the site: there is room for no more beside it. */
    private @Nullable SmtpSession takeOfSite() {
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
        if (!routed) {
            usedAddress = session.peer().address();
            site = session.site;
            hopSite = session.site;
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
        noticed = why;
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
        boolean best = hosts.isEmpty()
                || hosts.get(hostIndex - 1).preference() == hosts.get(0).preference();
        onRefused(OutcomePolicy.greetedByOurself(peer, request.nextHop(), best));
    }

    /** The next connection to that server is in the clear: no TLS is to be had there, and none is demanded. */
    void doWithoutTls(Peer peer) {
        tls.giveUp(peer.address());
        hostIndex--;
    }

    private void onHostFailed(DeliveryOutcome why) {
        settleOpen(why);
        siteFailure = OutcomePolicy.siteFailure(why) == null ? null : why;
    }

    /** The session that was idle turned out to be gone before it took anything: as if it had not been there. */
    void onStale() {
        if (finished) {
            return;
        }
        sessionCount--;
        wantsFresh = true;
        if (routed) {
            hostIndex--;
        } else {
            usedAddress = null;
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
            settleOpen(why);
            finish();
        }
    }

    private void finish() {
        finished = true;
        loop.forget(this);
        String failure = null;
        if (siteFailure != null && !normalEnd && hasOpen()) {
            failure = OutcomePolicy.siteFailure(siteFailure);
        }
        if (sessionCount == 0) {
            connectNs = loop.nowNs() - startNs;
        }
        assert isComplete();
        releaseBody();
        request.listener()
                .onAttempted(
                        request,
                        new DeliveryReport(outcomes, failure, site, startNs - offeredNs, connectNs, transmitNs));
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
