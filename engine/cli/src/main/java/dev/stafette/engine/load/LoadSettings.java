// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.load;

import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source sends.
 * Thread: any (a value).
 *
 * @param firstSequence the number of the first message; the others follow it
 * @param messageBytes headers included, dot and dot-stuffing not
 * @param domains of the recipients, in turn: message n goes to {@code u<n>@} one of them
 * @param isPipelined MAIL, RCPT and DATA go out together (RFC 2920)
 * @param messagesPerSecond 0: each session sends the next message when the last is answered (a closed loop); otherwise
 *     message n is due at n / rate, whether a session is free or not, and its latency counts from then
 * @param timeLimit no message is begun after it
 * @param loopCount event loops
 * @param tls what begins behind STARTTLS, which the server must offer; null: all is said in the clear
 */
public record LoadSettings(
        InetSocketAddress target,
        int sessionCount,
        long firstSequence,
        long messageCount,
        int messageBytes,
        List<String> domains,
        boolean isPipelined,
        double messagesPerSecond,
        Duration timeLimit,
        int loopCount,
        @Nullable SslContext tls) {
    public LoadSettings {
        domains = List.copyOf(domains);
        check("sessions", sessionCount);
        check("messages", messageCount);
        check("loops", loopCount);
        check("domains", domains.size());
        if (!SequenceSet.canHold(firstSequence + messageCount)) {
            throw new IllegalArgumentException(
                    "last message: " + (firstSequence + messageCount) + " (expected: at most 2^31 - 2)");
        }
    }

    private static void check(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
        }
    }

    /** A closed loop of pipelining sessions over one event loop, to one domain. */
    public static LoadSettings closedLoop(
            InetSocketAddress target, int sessionCount, long messageCount, int messageBytes) {
        return new LoadSettings(
                target,
                sessionCount,
                0,
                messageCount,
                messageBytes,
                List.of("dest.test"),
                true,
                0,
                Duration.ofHours(1),
                1,
                null);
    }

    public LoadSettings withDomains(List<String> changed) {
        return new LoadSettings(
                target,
                sessionCount,
                firstSequence,
                messageCount,
                messageBytes,
                changed,
                isPipelined,
                messagesPerSecond,
                timeLimit,
                loopCount,
                tls);
    }

    public LoadSettings withRate(double changed) {
        return new LoadSettings(
                target,
                sessionCount,
                0,
                messageCount,
                messageBytes,
                domains,
                isPipelined,
                changed,
                timeLimit,
                loopCount,
                tls);
    }

    public LoadSettings withTimeLimit(Duration changed) {
        return new LoadSettings(
                target,
                sessionCount,
                firstSequence,
                messageCount,
                messageBytes,
                domains,
                isPipelined,
                messagesPerSecond,
                changed,
                loopCount,
                tls);
    }

    public LoadSettings withMessages(long changedFirstSequence, long changedCount) {
        return new LoadSettings(
                target,
                sessionCount,
                changedFirstSequence,
                changedCount,
                messageBytes,
                domains,
                isPipelined,
                messagesPerSecond,
                timeLimit,
                loopCount,
                tls);
    }

    public LoadSettings withTarget(InetSocketAddress changed) {
        return new LoadSettings(
                changed,
                sessionCount,
                firstSequence,
                messageCount,
                messageBytes,
                domains,
                isPipelined,
                messagesPerSecond,
                timeLimit,
                loopCount,
                tls);
    }

    public LoadSettings withPipelining(boolean changed) {
        return new LoadSettings(
                target,
                sessionCount,
                firstSequence,
                messageCount,
                messageBytes,
                domains,
                changed,
                messagesPerSecond,
                timeLimit,
                loopCount,
                tls);
    }

    public LoadSettings withTls(@Nullable SslContext changed) {
        return new LoadSettings(
                target,
                sessionCount,
                firstSequence,
                messageCount,
                messageBytes,
                domains,
                isPipelined,
                messagesPerSecond,
                timeLimit,
                loopCount,
                changed);
    }
}
