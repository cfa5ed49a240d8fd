// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.log.MailLog;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The most that one client of a service has done since the last look, for the lines that Postfix's anvil writes.
 * Thread: any; a peak is replaced at one stroke.
 */
final class ClientPeaks {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    private record Peak(int count, @Nullable ClientNetwork client, long epochMs) {
        static final Peak NONE = new Peak(0, null, 0);
    }

    private final AtomicReference<Peak> sessions = new AtomicReference<>(Peak.NONE);
    private final AtomicReference<Peak> clients = new AtomicReference<>(Peak.NONE);
    private final Map<ClientEvent, AtomicReference<Peak>> events = new EnumMap<>(ClientEvent.class);

    ClientPeaks() {
        for (ClientEvent event : ClientEvent.values()) {
            events.put(event, new AtomicReference<>(Peak.NONE));
        }
    }

    private AtomicReference<Peak> peak(ClientEvent event) {
        return Objects.requireNonNull(events.get(event));
    }

    void onSessions(int count, ClientNetwork client, long epochMs) {
        raise(sessions, count, client, epochMs);
    }

    void onEvent(ClientEvent event, int count, ClientNetwork client, long epochMs) {
        raise(peak(event), count, client, epochMs);
    }

    void onClients(int count, long epochMs) {
        raise(clients, count, null, epochMs);
    }

    private static void raise(AtomicReference<Peak> peak, int count, @Nullable ClientNetwork client, long epochMs) {
        Peak known = Objects.requireNonNull(peak.get());
        while (count > known.count && !peak.compareAndSet(known, new Peak(count, client, epochMs))) {
            known = Objects.requireNonNull(peak.get());
        }
    }

    /** Logs what there was, and begins anew. {@code unitSeconds}: of the rates. */
    void log(MailLog log, String service, long unitSeconds, ZoneId zone) {
        for (ClientEvent event : ClientEvent.values()) {
            String what = "max " + event.peakText() + " rate ";
            log(log, what, peak(event).getAndSet(Peak.NONE), "/" + unitSeconds + "s", service, zone);
        }
        log(log, "max connection count ", sessions.getAndSet(Peak.NONE), "", service, zone);
        log(log, "max cache size ", clients.getAndSet(Peak.NONE), "", service, zone);
    }

    private static void log(MailLog log, String what, Peak peak, String unit, String service, ZoneId zone) {
        if (peak.count > 0) {
            String whose = peak.client == null ? "" : " for (" + service + ':' + peak.client.text() + ')';
            log.info(
                    "anvil",
                    "statistics: " + what + peak.count + unit + whose + " at "
                            + TIME.format(Instant.ofEpochMilli(peak.epochMs).atZone(zone)));
        }
    }
}
