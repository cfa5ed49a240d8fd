// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a service does when it is short of sessions: new ones get the settings of stress, those that there are get its
 * times, and the log tells of both ends.
 * Thread: {@link #onStress} and {@link #isOn} any; the rest is the loop's that it keeps to.
 *
 * <p>Postfix leaves running sessions alone, so that slow ones keep their places until they end. Here they are told to
 * hurry, too, for which a client gets the time that a new one would have; what they may ask for does not change under them.
 */
final class ServiceStress {
    private final String name;
    private final ServiceSessions sessions;
    private final Supplier<ServiceTerms> terms;
    private final Map<EventLoop, ServerLoop> loops;
    private final EventLoop keeper;
    private final Stress stress = new Stress();

    private volatile String endpoint = "";
    private volatile boolean closed;

    /** @param name of the service, as master.cf has it */
    ServiceStress(
            String name, ServiceSessions sessions, Supplier<ServiceTerms> terms, Map<EventLoop, ServerLoop> loops) {
        this.name = name;
        this.sessions = sessions;
        this.terms = terms;
        this.loops = loops;
        this.keeper = loops.keySet().iterator().next();
    }

    /** What Postfix's master shows in parentheses: the port, behind the host when the row names one. */
    void setAddress(InetSocketAddress address) {
        int colon = name.lastIndexOf(':');
        String host = colon < 0 ? "" : name.substring(0, colon).replace("[", "").replace("]", "");
        endpoint = host.isEmpty() ? String.valueOf(address.getPort()) : "[" + host + "]:" + address.getPort();
    }

    /** As {@link #setAddress}, of a service without a port. */
    void setPassed() {
        endpoint = "private/" + name;
    }

    boolean isOn() {
        return stress.isOn();
    }

    /** The service has so many sessions, or had until now, that it is stress. */
    void onStress() {
        if (!terms.get().settings().knowsStress()) {
            return;
        }
        if (keeper.inEventLoop()) {
            note();
        } else {
            keeper.execute(this::note);
        }
    }

    private void note() {
        long nowNs = System.nanoTime();
        SmtpServiceSettings settings = terms.get().settings();
        long holdNs = settings.stressHold().toNanos();
        if (stress.onFull(nowNs)) {
            SessionCap cap = settings.cap();
            if (cap.stressFrom() < cap.sessionsMax()) {
                terms.get().log().stressBegins(name, endpoint, cap.stressFrom(), sessions.sessionsMax());
            }
            SessionLimits limits = settings.stressed().limits();
            loops.values().forEach(loop -> loop.hurry(name, limits));
            checkAfter(holdNs);
        }
        if (sessions.isFull() && stress.tryWarn(nowNs, holdNs)) {
            terms.get().log().processLimitReached(name, endpoint, sessions.sessionsMax());
        }
    }

    private void checkAfter(long ns) {
        keeper.schedule(this::check, ns, TimeUnit.NANOSECONDS);
    }

    private void check() {
        if (closed) {
            return;
        }
        long nowNs = System.nanoTime();
        Duration hold = terms.get().settings().stressHold();
        if (sessions.isStress()) {
            stress.onFull(nowNs);
        }
        long leftNs = stress.tryEnd(nowNs, hold.toNanos());
        if (leftNs > 0) {
            checkAfter(leftNs);
        } else {
            terms.get().log().stressEnds(name, endpoint, hold.toSeconds());
        }
    }

    void close() {
        closed = true;
    }
}
