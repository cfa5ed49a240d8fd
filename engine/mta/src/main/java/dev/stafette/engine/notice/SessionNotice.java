// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import org.jspecify.annotations.Nullable;

/**
 * A session in which something was wrong, as the postmaster is told of it.
 * Thread: any (a value).
 *
 * @param isBounce it goes to whom bounces go
 * @param subject what and with whom, behind the name of the mail system
 * @param remark stands before the transcript; empty when there is nothing to say
 * @param abortReason why the session came to no good end; null: it did
 */
public record SessionNotice(
        boolean isBounce,
        String subject,
        String remark,
        Transcript transcript,
        @Nullable String abortReason) {
    void print(NoticeText out) {
        if (!remark.isEmpty()) {
            out.line(remark).line("");
        }
        out.line("Transcript of session follows.").line("");
        transcript.print(out);
        out.line("");
        if (abortReason != null) {
            out.line("Session aborted, reason: " + abortReason);
        }
        out.line("").line("For other details, see the local mail logfile");
    }
}
