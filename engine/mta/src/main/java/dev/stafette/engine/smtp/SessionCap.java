// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.Settings;
import java.util.Locale;

/**
 * How many sessions a service may have at a time. Clients beyond it wait in the kernel.
 * Thread: any (a value).
 *
 * @param sessionsMax Postfix's process limit
 * @param stressFrom with so many the service is under stress
 * @param origin where the number comes from, for people
 */
public record SessionCap(int sessionsMax, int stressFrom, String origin) {
    /**
     * A number in master.cf, or a {@code default_process_limit} that somebody has set, holds as it is, and stress begins
     * where Postfix begins it: with the last session. Otherwise it is what fits, up to {@code default_session_limit}, and
     * stress begins at three quarters: so slow clients make room before anybody has to wait.
     */
    static SessionCap of(Settings settings, ServiceRow row, ProcessRoom room) {
        if (row.processesMax() > 0) {
            return new SessionCap(row.processesMax(), row.processesMax(), "maxproc in master.cf");
        }
        if (row.processesMax() == ServiceRow.PROCESSES_DEFAULT && settings.isSet("default_process_limit")) {
            int processesMax = settings.count("default_process_limit");
            return new SessionCap(processesMax, processesMax, "default_process_limit");
        }
        int wanted = settings.count("default_session_limit");
        int max = Math.min(wanted, room.sessionsOfService());
        String origin = String.format(
                Locale.ROOT,
                "default_session_limit = %d, %d open files, %d MB of heap, smtpd services: %d",
                wanted,
                room.openFiles(),
                room.heapBytes() >> 20,
                room.services());
        return new SessionCap(max, max - max / 4, origin);
    }
}
