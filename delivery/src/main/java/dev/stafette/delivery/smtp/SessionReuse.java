// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import java.time.Duration;

/**
 * When a session that has carried a message carries another.
 * Thread: any (a value).
 *
 * @param idle how long an unused session stays open ({@code smtp_connection_cache_time_limit}); zero: no reuse. Postfix
 *     has 2 s because its cache is a process apart; here an idle session costs a socket and 2 KB, so it is 5 s
 * @param messageCountMax messages a connection ({@code smtp_connection_reuse_count_limit}); 0: no limit
 * @param lifetime after which a connection is not used again ({@code smtp_connection_reuse_time_limit})
 * @param pipelinesNext the envelope of the next message goes behind the content of the last where the server offers
 *     PIPELINING (ours: {@code smtp_pipeline_next_message})
 */
public record SessionReuse(Duration idle, int messageCountMax, Duration lifetime, boolean pipelinesNext) {
    public static final SessionReuse DEFAULTS =
            new SessionReuse(Duration.ofSeconds(5), 0, Duration.ofSeconds(300), true);

    public static final SessionReuse NONE = new SessionReuse(Duration.ZERO, 1, Duration.ZERO, false);
}
