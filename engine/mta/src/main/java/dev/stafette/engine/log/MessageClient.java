// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

import org.jspecify.annotations.Nullable;

/**
 * Where a message came from, as cleanup's log lines tell it.
 * Thread: any (a value).
 *
 * @param client {@code name[address]}, or {@code local}
 * @param protocol {@code SMTP}, {@code ESMTP}; null for mail that came by none
 * @param helo what the client called itself; null: nothing
 */
public record MessageClient(
        String client, @Nullable String protocol, @Nullable String helo) {
    public static final MessageClient LOCAL = new MessageClient("local", null, null);
}
