// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a sink behaves.
 * Thread: any (a value).
 *
 * @param addresses where it listens; port 0: any free one
 * @param deferringAddressCount the first so many addresses answer every RCPT with 450
 * @param deferPercent share of RCPT that gets a 450 elsewhere
 * @param failPercent share of RCPT that gets a 550
 * @param connectionsMax concurrent ones of an address; more get a 421
 * @param messagesPerConnection after so many a connection gets a 421
 * @param replyDelayMs before each group of replies
 * @param seed of what is deferred and failed
 * @param tls what begins behind STARTTLS; null: that is not offered
 */
public record SinkSettings(
        List<InetSocketAddress> addresses,
        int deferringAddressCount,
        int deferPercent,
        int failPercent,
        int connectionsMax,
        int messagesPerConnection,
        int replyDelayMs,
        long seed,
        int loopCount,
        @Nullable SslContext tls) {
    public SinkSettings {
        addresses = List.copyOf(addresses);
        if (deferPercent < 0 || failPercent < 0 || deferPercent + failPercent > 100) {
            throw new IllegalArgumentException("deferred and failed: " + deferPercent + " % and " + failPercent
                    + " % (expected: 0..100 % together)");
        }
    }

    /** Takes everything, on one loop. */
    public static SinkSettings acceptingAll(InetSocketAddress address) {
        return new SinkSettings(List.of(address), 0, 0, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 1, 1, null);
    }

    public SinkSettings withAddresses(List<InetSocketAddress> changed, int deferringCount) {
        return new SinkSettings(
                changed,
                deferringCount,
                deferPercent,
                failPercent,
                connectionsMax,
                messagesPerConnection,
                replyDelayMs,
                seed,
                loopCount,
                tls);
    }

    public SinkSettings withTls(@Nullable SslContext changed) {
        return new SinkSettings(
                addresses,
                deferringAddressCount,
                deferPercent,
                failPercent,
                connectionsMax,
                messagesPerConnection,
                replyDelayMs,
                seed,
                loopCount,
                changed);
    }
}
