// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long a process has kept a core busy, in hundredths of a second as Linux tells it.
 * Thread: any (a value).
 *
 * @param userTicks running its own code
 * @param systemTicks in the kernel on its behalf
 */
public record CpuTime(long userTicks, long systemTicks) {
    /** USER_HZ is 100 on every machine that a JVM runs on. */
    private static final double MICROS_PER_TICK = 10_000;

    /** Of the fields behind the name, which is in parentheses: proc(5), fields 14 and 15, counted from field 3. */
    private static final int USER_FIELD = 11;

    /** Of a process now. Throws where there is no /proc, or no such process. */
    public static CpuTime of(long processId) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(processId), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return new CpuTime(Long.parseLong(fields[USER_FIELD]), Long.parseLong(fields[USER_FIELD + 1]));
    }

    public CpuTime since(CpuTime earlier) {
        return new CpuTime(userTicks - earlier.userTicks, systemTicks - earlier.systemTicks);
    }

    public double userMicros() {
        return userTicks * MICROS_PER_TICK;
    }

    public double systemMicros() {
        return systemTicks * MICROS_PER_TICK;
    }
}
