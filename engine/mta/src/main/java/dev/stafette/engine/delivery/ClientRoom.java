// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.delivery;

import dev.stafette.delivery.dns.DnsClients;
import dev.stafette.delivery.tls.TlsReports;
import dev.stafette.engine.notice.NoticeWay;
import dev.stafette.engine.sts.PublishedPolicies;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Executor;

/**
 * What the clients of other servers share.
 * Thread: any (a value).
 *
 * @param workers for look-ups that block
 * @param published what domains publish of their servers' TLS
 * @param reports hears what comes of that
 * @param notices by which the postmaster is told of servers' errors
 */
public record ClientRoom(
        EventLoopGroup loops,
        DnsClients dns,
        Executor workers,
        PublishedPolicies published,
        TlsReports reports,
        NoticeWay notices) {}
