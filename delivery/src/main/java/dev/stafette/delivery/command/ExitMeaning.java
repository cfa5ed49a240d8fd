// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.command;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a program says by its exit status, as {@code <sysexits.h>} has it.
 * Thread: any (a value).
 */
record ExitMeaning(EnhancedStatus status, String text) {
    /** What programs end with that want to be asked again. */
    static final int TEMPORARY = 75;

    private static final Map<Integer, ExitMeaning> BY_EXIT = Map.ofEntries(
            Map.entry(64, of(5, 3, 0, "command line usage error")),
            Map.entry(65, of(5, 6, 0, "data format error")),
            Map.entry(66, of(5, 3, 0, "cannot open input")),
            Map.entry(67, of(5, 1, 1, "user unknown")),
            Map.entry(68, of(5, 1, 2, "host name unknown")),
            Map.entry(69, of(5, 3, 0, "service unavailable")),
            Map.entry(70, of(5, 3, 0, "internal software error")),
            Map.entry(71, of(4, 3, 0, "system resource problem")),
            Map.entry(72, of(5, 3, 0, "critical OS file missing")),
            Map.entry(73, of(5, 2, 0, "can't create user output file")),
            Map.entry(74, of(5, 3, 0, "input/output error")),
            Map.entry(TEMPORARY, of(4, 3, 0, "temporary failure")),
            Map.entry(76, of(5, 5, 0, "remote error in protocol")),
            Map.entry(77, of(5, 7, 0, "permission denied")),
            Map.entry(78, of(5, 3, 5, "local configuration error")));

    private static ExitMeaning of(int statusClass, int subject, int detail, String text) {
        return new ExitMeaning(EnhancedStatus.of(statusClass, subject, detail), text);
    }

    /** Null: the status means nothing there. */
    static @Nullable ExitMeaning of(int exitStatus) {
        return BY_EXIT.get(exitStatus);
    }
}
