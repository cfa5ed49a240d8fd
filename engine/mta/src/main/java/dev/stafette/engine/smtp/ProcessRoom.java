// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the process has that sessions take, and how many of them fit: half of it is for them, half for deliveries, the
 * queue and the rest.
 * Thread: any (a value).
 *
 * @param openFiles the limit of descriptors
 * @param heapBytes the limit of the heap
 * @param services that share it: the smtpd rows of master.cf
 */
public record ProcessRoom(long openFiles, long heapBytes, int services) {
    /** On the heap: one that waits in the middle of a transaction takes 2 KB; the rest is for what it says next. */
    static final int SESSION_BYTES = 5 << 10;

    /** Where the system does not tell. */
    private static final long OPEN_FILES_UNKNOWN = 1024;

    public static ProcessRoom ofThisProcess(int services) {
        long openFiles = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : OPEN_FILES_UNKNOWN;
        return new ProcessRoom(openFiles, Runtime.getRuntime().maxMemory(), Math.max(1, services));
    }

    /** Of all services together. The rest of the descriptors is for the queue. */
    public int sessionsMax() {
        return atLeastOne(openFiles / 2);
    }

    /** Of a service that has no number of its own. */
    int sessionsOfService() {
        return atLeastOne(Math.min(openFiles / 2, heapBytes / 2 / SESSION_BYTES) / services);
    }

    private static int atLeastOne(long count) {
        return (int) Math.max(1, Math.min(count, Integer.MAX_VALUE));
    }
}
