// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import dev.stafette.codec.status.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * What became of one recipient in one attempt.
 * Thread: any (a value).
 *
 * @param relay as Postfix logs it: {@code host[ip]:port}, or {@code none} when no server was reached
 * @param connectionUseCount how many messages this connection has carried with this one; 1 on a fresh one
 * @param text as it stands in the log's parentheses, without them
 * @param remoteMta the name of the server that said it; null when none did
 * @param diagnostic the server's reply as a Diagnostic-Code of type smtp (RFC 3464 §2.3.6); null when it is our own word
 */
public record DeliveryOutcome(
        Kind kind,
        Scope scope,
        EnhancedStatus status,
        String text,
        String relay,
        int connectionUseCount,
        @Nullable String remoteMta,
        @Nullable String diagnostic) {
    /** The relay when no server was reached. */
    public static final String NO_RELAY = "none";

    /** DELIVERED: the remote server has it. DEFERRED: try again later. BOUNCED: never will. */
    public enum Kind {
        DELIVERED,
        DEFERRED,
        BOUNCED
    }

    /** How far the outcome reaches: this recipient, all of this message, the site, or only this session. */
    public enum Scope {
        RECIPIENT,
        MESSAGE,
        SITE,
        SESSION
    }

    /** The same, counted as another kind: soft_bounce defers what failed. */
    public DeliveryOutcome withKind(Kind other) {
        return new DeliveryOutcome(other, scope, status, text, relay, connectionUseCount, remoteMta, diagnostic);
    }
}
