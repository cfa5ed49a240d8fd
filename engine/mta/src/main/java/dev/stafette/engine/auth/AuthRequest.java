// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.codec.sasl.ChannelBinding;
import org.jspecify.annotations.Nullable;

/**
 * With what a client begins to log in.
 * Thread: any (a value).
 *
 * @param mechanism as the client has it; one of those that the server has said
 * @param initialResponse base64, as the client has it; null: none
 * @param service such as {@code smtp}
 * @param serverAddress our end of the connection; empty: unknown
 * @param isSecure nobody on the way can read it
 * @param binding with which mechanisms that are bound to the TLS session were offered; null: they were not
 */
public record AuthRequest(
        String mechanism,
        @Nullable String initialResponse,
        String service,
        String serverAddress,
        String clientAddress,
        boolean isSecure,
        @Nullable ChannelBinding binding) {}
