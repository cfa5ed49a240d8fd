// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session in which something was wrong, as the postmaster is told of it.
 * Thread: any (a value).
 *
 * @param isBounce it goes to whom bounces go
 * @param subject what and with whom, behind the name of the mail system
 * @param remark stands before the transcript; empty when there is nothing to say
 * @param transcript line by line
 * @param ending a line on how it ended; empty: there is nothing to say of that; null: nothing is said of it
 */
public record SessionNotice(
        boolean isBounce,
        String subject,
        String remark,
        List<String> transcript,
        @Nullable String ending) {
    void print(NoticeText out) {
        if (!remark.isEmpty()) {
            out.line(remark).line("");
        }
        out.line("Transcript of session follows.").line("");
        transcript.forEach(out::quoted);
        out.line("");
        if (ending != null && !ending.isEmpty()) {
            out.line(ending);
        }
        if (ending != null) {
            out.line("");
        }
        out.line("For other details, see the local mail logfile");
    }
}
