// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.delivery.dns.Dns;
import dev.stafette.engine.intake.IntakeQueue;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.time.ZoneId;
import java.util.function.Function;

/**
 * What the SMTP server is made of.
 *
 * @param loops for all its channels; native ones are recognised. They outlive the server
 * @param dns of each loop, for the names of clients
 * @param zone of the dates in Received fields
 * @param bodyBytesMax of content in memory, in the whole process
 * @param sessionsMax of all services together
 */
public record SmtpServerParts(
        EventLoopGroup loops,
        IntakeQueue queue,
        Metrics metrics,
        Function<EventLoop, Dns> dns,
        ZoneId zone,
        long bodyBytesMax,
        int sessionsMax) {
    /** Room for a few hundred large messages at a time. */
    public static final long BODY_BYTES_MAX = 64L << 20;
}
