// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dsn;

import java.util.List;

/**
 * What a report says to people before it comes to the recipients, and what its header says.
 * Thread: any (a value).
 *
 * @param from ASCII; an address without a domain gets that of the host
 * @param subject ASCII
 * @param lines without their ends
 */
public record ReportWording(String from, String subject, List<String> lines) {
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
