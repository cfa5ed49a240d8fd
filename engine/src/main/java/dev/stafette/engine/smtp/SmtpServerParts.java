// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.intake.IntakeQueue;
import dev.stafette.engine.metrics.Metrics;
import io.netty.channel.EventLoopGroup;
import java.net.InetSocketAddress;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * What the SMTP server is made of.
 *
 * @param loops for all its channels; native ones are recognised. They outlive the server
 * @param lookups for tables that may have to be waited for
 * @param dnsServers for the names of clients; empty: those of the system
 * @param zone of the dates in Received fields
 * @param bodyBytesMax of content in memory, in the whole process
 */
public record SmtpServerParts(
        EventLoopGroup loops,
        IntakeQueue queue,
        Executor lookups,
        Metrics metrics,
        List<InetSocketAddress> dnsServers,
        ZoneId zone,
        long bodyBytesMax) {
    /** Room for a few hundred large messages at a time. */
    public static final long BODY_BYTES_MAX = 64L << 20;

    public SmtpServerParts {
        dnsServers = List.copyOf(dnsServers);
    }
}
