// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryOutcome.Scope;

/**
 * What becomes of a recipient here, in Postfix's words.
 * Thread: any (a value).
 */
record RecipientEnd(EnhancedStatus status, String text) {
    private static final EnhancedStatus TROUBLE = EnhancedStatus.of(4, 3, 0);
    private static final EnhancedStatus WRONG_SYSTEM_FOR_NOW = EnhancedStatus.of(4, 3, 5);
    private static final EnhancedStatus WRONG_SYSTEM = EnhancedStatus.of(5, 3, 5);
    private static final EnhancedStatus UNKNOWN = EnhancedStatus.of(5, 1, 1);
    private static final EnhancedStatus LOOP = EnhancedStatus.of(5, 4, 6);

    private static final EnhancedStatus REFUSED = EnhancedStatus.of(5, 0, 0);

    private static final String CONFIGURATION_ERROR = "mail system configuration error";

    static RecipientEnd sent(String text) {
        return new RecipientEnd(EnhancedStatus.SENT, text);
    }

    static RecipientEnd deferred(String text) {
        return new RecipientEnd(TROUBLE, text);
    }

    static RecipientEnd unknownUser(String user) {
        return new RecipientEnd(UNKNOWN, "unknown user: \"" + user + '"');
    }

    static RecipientEnd loop(String text) {
        return new RecipientEnd(LOOP, text);
    }

    /** What takes mail in will not have it. */
    static RecipientEnd refused(SmtpReply reply) {
        EnhancedStatus given = reply.status();
        return new RecipientEnd(given == null ? REFUSED : given, reply.text());
    }

    /** It will be put right, and then the mail is delivered. */
    static RecipientEnd misconfigured() {
        return new RecipientEnd(WRONG_SYSTEM_FOR_NOW, CONFIGURATION_ERROR);
    }

    /** The same, where whoever wrote the address can hear of it. */
    static RecipientEnd misconfiguredForGood() {
        return new RecipientEnd(WRONG_SYSTEM, CONFIGURATION_ERROR);
    }

    boolean isSent() {
        return status.statusClass() == 2;
    }

    boolean isDeferred() {
        return status.statusClass() == 4;
    }

    DeliveryOutcome outcome(String relay) {
        Kind kind = isSent() ? Kind.DELIVERED : isDeferred() ? Kind.DEFERRED : Kind.BOUNCED;
        return new DeliveryOutcome(kind, Scope.RECIPIENT, status, text, relay, 1, null, null);
    }
}
