// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import org.jspecify.annotations.Nullable;

/**
 * Whom a message comes from, for the log.
 * Thread: any (a value).
 *
 * @param client {@code name[address]}
 * @param protocol {@code SMTP} or {@code ESMTP}; null: neither
 * @param helo what it calls itself; null: not said
 */
public record MilterPeer(
        String client, @Nullable String protocol, @Nullable String helo) {
    static final MilterPeer LOCAL = new MilterPeer("localhost[127.0.0.1]", null, null);
}
