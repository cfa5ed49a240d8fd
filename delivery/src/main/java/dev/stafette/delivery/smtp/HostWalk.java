// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryReport;
import dev.stafette.delivery.route.HostTrust;
import dev.stafette.delivery.route.MailHost;
import dev.stafette.delivery.route.NextHop;
import dev.stafette.delivery.route.RouteAnswer.Hosts;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way of an attempt for which there is no idle session: next hop by next hop, those to fall back to behind the
 * request's own, and of each host by host.
 * Thread: event loop.
 */
final class HostWalk {
    private final SmtpClientSettings settings;
    private final String own;
    /** Its idle session was used before the way was asked for: not to be tried again. */
    private final @Nullable SocketAddress used;

    /** LMTP's other kind of next hop; null: this is none. */
    private final @Nullable Peer socket;

    // Owned by the attempt.
    /** Separated by commas. */
    private String hops;
    /** The one that is tried. */
    private String hop = "";
    /** Where the next one begins in {@link #hops}. */
    private int hopOffset;

    private List<MailHost> hosts = List.of();
    private int hostIndex;
    private HostTrust trust = HostTrust.NONE;
    private int port;
    private String site = DeliveryReport.NO_SITE;
    /** With hosts of the present next hop. */
    private int sessionCount;

    /** {@code nextHop}: of the request, maybe several. */
    HostWalk(SmtpClientSettings settings, String nextHop, @Nullable SocketAddress used) {
        this.settings = settings;
        this.own = settings.destination(nextHop);
        this.used = used;
        this.socket = settings.socket(nextHop);
        String fallback = settings.fallbackRelay();
        this.hops = fallback.isEmpty() || socket != null ? own : own + ',' + fallback;
    }

    // Next hops. -----------------------------------------------------------------------------------------------------

    /** The one that is tried. */
    String hop() {
        return hop;
    }

    /** The hosts that it is on its way to. */
    String site() {
        return site;
    }

    boolean hasMoreHops() {
        return hopOffset < hops.length();
    }

    /** Goes on to the next one, whose hosts were those of the one before are; null: it is no next hop. */
    @Nullable
    NextHop enterNextHop() {
        hop = takeHop();
        hosts = List.of();
        hostIndex = 0;
        sessionCount = 0;
        NextHop parsed = NextHop.parse(hop, settings.port(), settings.habits().ports());
        if (parsed == null) {
            return null;
        }
        port = parsed.port();
        settings.habits().onPort().accept(port);
        // LMTP is spoken with the very host (RFC 2033 §4.1).
        return settings.isLmtp() ? parsed.asHost() : parsed;
    }

    private String takeHop() {
        int comma = hops.indexOf(',', hopOffset);
        String next = hopOffset == 0 && comma < 0 ? hops : hops.substring(hopOffset, comma < 0 ? hops.length() : comma);
        hopOffset = comma < 0 ? hops.length() : comma + 1;
        return next.strip();
    }

    private boolean isUsualPort() {
        return port == settings.port();
    }

    /** There mail may come back to us, and is not to be sent then. */
    boolean mayLoop() {
        return isUsualPort() && !settings.isLmtp();
    }

    /** The next hop is a socket, and the only one. */
    boolean isSocket() {
        return socket != null;
    }

    void enterSocket() {
        hop = own;
        hopOffset = hops.length();
        site = own;
    }

    /** Where mail falls back to may send it here again, as to an exchange of the domain. */
    void leaveFallbackOut() {
        if (hopOffset <= own.length() + 1) {
            hops = own;
        }
    }

    /** What the present next hop has led to. */
    void enterSite(Hosts found) {
        site = isUsualPort() ? found.site() : found.site() + ':' + port;
        hosts = found.hosts();
    }

    /** Nobody there is to be tried. */
    void dropHosts() {
        hosts = List.of();
    }

    // Hosts. ---------------------------------------------------------------------------------------------------------

    /** The next host of the next hop that may be tried; null: no more. */
    @Nullable
    Peer nextHost(AttemptTls tls) {
        if (socket != null) {
            return hostIndex++ == 0 && !socket.address().equals(used) ? socket : null;
        }
        int limit = settings.mxSessionLimit();
        while (hostIndex < hosts.size() && (limit == 0 || sessionCount < limit)) {
            MailHost host = hosts.get(hostIndex++);
            InetSocketAddress address = new InetSocketAddress(host.address(), port);
            if (!address.equals(used) || tls.isToBeTriedInClear(address)) {
                trust = host.trust();
                return Peer.of(host.name(), address);
            }
        }
        return null;
    }

    /** Of the host that is tried. */
    HostTrust trust() {
        return trust;
    }

    /** No host of the next hop is preferred to the one that is tried. */
    boolean isAtBest() {
        return hosts.isEmpty()
                || hosts.get(hostIndex - 1).preference() == hosts.get(0).preference();
    }

    /** The same host once more. */
    void stepBack() {
        hostIndex--;
    }

    /** A session past EHLO, with the host that is tried, carries the request. */
    void onCarried() {
        sessionCount++;
    }

    /** That session was gone, as idle ones may be: as if it had not been there. */
    void onStale() {
        sessionCount--;
        hostIndex--;
    }
}
