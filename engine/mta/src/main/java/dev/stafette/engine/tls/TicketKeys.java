// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the tickets of TLS sessions are sealed with (RFC 5077, RFC 8446 §4.6.1): a new one each period, and the one
 * before, by which tickets are still opened. They outlive a reload, and never leave the process.
 * Thread: any; whoever comes first after a period makes the next key.
 */
public final class TicketKeys {
    /** {@code number} grows by one with each. */
    record Generation(int number, long sinceNs, OpenSslSessionTicketKey[] keys) {}

    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<@Nullable Generation> current = new AtomicReference<>();

    /** The first seals. */
    Generation at(long nowNs, Duration period) {
        Generation before = current.get();
        if (before != null && nowNs - before.sinceNs() < period.toNanos()) {
            return before;
        }
        OpenSslSessionTicketKey[] keys = before == null
                ? new OpenSslSessionTicketKey[] {newKey()}
                : new OpenSslSessionTicketKey[] {newKey(), before.keys()[0]};
        Generation next = new Generation(before == null ? 1 : before.number() + 1, nowNs, keys);
        Generation found = current.compareAndExchange(before, next);
        return found == before || found == null ? next : found;
    }

    private OpenSslSessionTicketKey newKey() {
        return new OpenSslSessionTicketKey(
                bytes(OpenSslSessionTicketKey.NAME_SIZE),
                bytes(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
                bytes(OpenSslSessionTicketKey.AES_KEY_SIZE));
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
