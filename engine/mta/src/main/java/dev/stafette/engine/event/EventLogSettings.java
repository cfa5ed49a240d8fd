// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.event;

import dev.stafette.engine.config.Settings;

/**
 * What main.cf says of the event log, but for its place.
 * Thread: any (a value).
 *
 * @param rules of which class failures are
 * @param sizeBytes {@code event_log_size_limit}: when the file is put aside; 0: however large it is
 * @param ageNs {@code event_log_time_limit}: the same, since its first event; 0: however old it is
 * @param keptMs {@code event_log_time_to_live}: of a file that was put aside, since its last event; 0: for ever
 */
public record EventLogSettings(ReplyRules rules, long sizeBytes, long ageNs, long keptMs) {
    public static EventLogSettings of(Settings settings) {
        return new EventLogSettings(
                ReplyRules.of(settings),
                settings.size("event_log_size_limit"),
                settings.time("event_log_time_limit").toNanos(),
                settings.time("event_log_time_to_live").toMillis());
    }
}
