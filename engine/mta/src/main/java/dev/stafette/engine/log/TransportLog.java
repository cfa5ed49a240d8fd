// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import org.jspecify.annotations.Nullable;

/**
 * Under which name the lines of a transport stand.
 * Thread: any (a value).
 *
 * @param log with the syslog_name of the transport's row
 * @param program the command of that row: {@code smtp}, {@code pipe}, {@code error}
 */
public record TransportLog(MailLog log, String program) {
    public void warning(String text) {
        log.warning(program, text);
    }

    /** What an attempt met besides its outcome. */
    public void notice(@Nullable String queueId, String text) {
        log.deliveryNotice(program, queueId, text);
    }
}
