// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.auth;

import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** Knows names and passwords at servers. Thread: event loop, on which the listener hears. */
public interface CredentialSource {
    /** The listener hears once, within bounded time, and perhaps within this call. */
    void find(CredentialQuery query, EventLoop loop, Consumer<CredentialAnswer> listener);
}
