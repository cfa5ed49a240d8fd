// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.delivery.Transport;
import dev.stafette.delivery.route.RouteSettings;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.Executor;

/**
 * Delivers by SMTP over the loops it is given; native ones are recognised. The loops outlive the transport: close it
 * before them.
 * Thread: any.
 */
public final class SmtpTransport implements Transport {
    /** @param workers for look-ups that block, which only {@code nativeLookups} and {@code dnsLookups = false} do */
    public SmtpTransport(
            SmtpClientSettings settings, RouteSettings routes, EventLoopGroup loops, Executor workers, ClientLog log) {}

    @Override
    public void deliver(DeliveryRequest request) {
        throw new IllegalStateException("not here yet");
    }

    @Override
    public void close() {}
}
