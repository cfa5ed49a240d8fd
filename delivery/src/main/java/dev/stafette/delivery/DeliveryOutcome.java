// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import dev.stafette.codec.status.EnhancedStatus;
import java.util.List;
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
 * @param handover what a delivery means to a sender who asked to be told of it
 * @param parts of what it is made where the recipient stood for others, each of which is logged, and told of if it failed;
 *     none: it is all there is to say
 */
public record DeliveryOutcome(
        Kind kind,
        Scope scope,
        EnhancedStatus status,
        String text,
        String relay,
        int connectionUseCount,
        @Nullable String remoteMta,
        @Nullable String diagnostic,
        Handover handover,
        List<DeliveryPart> parts) {
    public DeliveryOutcome {
        parts = List.copyOf(parts);
    }

    /** The relay when no server was reached. */
    public static final String NO_RELAY = "none";

    /** DELIVERED: the remote server has it. DEFERRED: try again later. BOUNCED: never will. */
    public enum Kind {
        DELIVERED,
        DEFERRED,
        BOUNCED
    }

    /**
     * FINAL: this was the mailbox, or whatever stands for one. RELAYED: to a site that knows nothing of reports.
     * PASSED_ON: to one that does, with what the sender asked for (RFC 3461 §5.2). UNKNOWN: deferred, though the site
     * may have taken the message before the connection broke: the next attempt may make a second copy. EXPANDED: others
     * have taken the recipient's place (RFC 3461 §5.2.7.1).
     */
    public enum Handover {
        FINAL,
        RELAYED,
        PASSED_ON,
        UNKNOWN,
        EXPANDED
    }

    /** How far the outcome reaches: this recipient, all of this message, the site, or only this session. */
    public enum Scope {
        RECIPIENT,
        MESSAGE,
        SITE,
        SESSION
    }

    public DeliveryOutcome(
            Kind kind,
            Scope scope,
            EnhancedStatus status,
            String text,
            String relay,
            int connectionUseCount,
            @Nullable String remoteMta,
            @Nullable String diagnostic) {
        this(kind, scope, status, text, relay, connectionUseCount, remoteMta, diagnostic, Handover.FINAL);
    }

    /** All there is to say. */
    public DeliveryOutcome(
            Kind kind,
            Scope scope,
            EnhancedStatus status,
            String text,
            String relay,
            int connectionUseCount,
            @Nullable String remoteMta,
            @Nullable String diagnostic,
            Handover handover) {
        this(kind, scope, status, text, relay, connectionUseCount, remoteMta, diagnostic, handover, List.of());
    }

    public DeliveryOutcome withHandover(Handover other) {
        return new DeliveryOutcome(
                kind, scope, status, text, relay, connectionUseCount, remoteMta, diagnostic, other, parts);
    }

    /** The same, made of these. */
    public DeliveryOutcome with(List<DeliveryPart> others) {
        return new DeliveryOutcome(
                kind, scope, status, text, relay, connectionUseCount, remoteMta, diagnostic, handover, others);
    }

    /** The same reply of the same server, told in another way. */
    public DeliveryOutcome with(Kind otherKind, EnhancedStatus otherStatus, String otherText) {
        return new DeliveryOutcome(
                otherKind, scope, otherStatus, otherText, relay, connectionUseCount, remoteMta, diagnostic, handover);
    }

    /** A failure with the status of one that may pass: it is tried again (soft_bounce). */
    public DeliveryOutcome softened() {
        return new DeliveryOutcome(
                kind,
                scope,
                status.withClass(4),
                text,
                relay,
                connectionUseCount,
                remoteMta,
                diagnostic,
                handover,
                parts);
    }

    /** The same, counted as another kind: what one host refuses, another may take. */
    public DeliveryOutcome withKind(Kind other) {
        if (kind == other) {
            return this;
        }
        return new DeliveryOutcome(
                other, scope, status, text, relay, connectionUseCount, remoteMta, diagnostic, handover, parts);
    }
}
