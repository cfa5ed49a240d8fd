// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a report says to people before it comes to the recipients, and what its header says.
 * Thread: any (a value).
 *
 * @param from ASCII; an address without a domain gets that of the host
 * @param subject ASCII
 * @param postmasterSubject of the postmaster's copy, ASCII; null where there are no copies
 * @param lines without their ends
 */
public record ReportWording(
        String from, String subject, @Nullable String postmasterSubject, List<String> lines) {
    public ReportWording {
        lines = List.copyOf(lines);
    }

    /** Whether ASCII cannot hold it. */
    boolean needsUtf8() {
        for (String line : lines) {
            if (!line.chars().allMatch(c -> c < 0x80)) {
                return true;
            }
        }
        return false;
    }
}
