// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.envelope.TlsDemand;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.DeliveryRequest;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What has become of each recipient of a request so far, by its place there.
 * Thread: event loop.
 *
 * <p>A recipient that was deferred stays open for the next host, and with soft_bounce one that was refused; its last outcome is
 * reported.
 */
final class RecipientOutcomes {
    /** Most messages have one recipient. */
    private static final int[] THE_ONE = {0};

    private final DeliveryRequest request;
    private final boolean softBounce;
    private final DeliveryOutcome[] outcomes;

    // Owned by the attempt.
    /** The outcome that the log had last. */
    private @Nullable DeliveryOutcome noticed;

    /** A server has failed, or could not be found, that another message like this one may go to. */
    private boolean mayBeFitLater;

    RecipientOutcomes(DeliveryRequest request, boolean softBounce) {
        this.request = request;
        this.softBounce = softBounce;
        this.outcomes = new DeliveryOutcome[request.recipients().length];
    }

    private boolean isOpen(int recipient) {
        return outcomes[recipient] == null || mayGoOn(outcomes[recipient]);
    }

    private boolean mayGoOn(DeliveryOutcome outcome) {
        return outcome.kind() == Kind.DEFERRED || outcome.kind() == Kind.BOUNCED && softBounce;
    }

    boolean hasOpen() {
        for (int i = 0; i < outcomes.length; i++) {
            if (isOpen(i)) {
                return true;
            }
        }
        return false;
    }

    /** To be read only. */
    int[] open() {
        int count = 0;
        for (int i = 0; i < outcomes.length; i++) {
            count += isOpen(i) ? 1 : 0;
        }
        if (count == 1 && outcomes.length == 1) {
            return THE_ONE;
        }
        int[] open = new int[count];
        for (int i = 0, at = 0; i < outcomes.length; i++) {
            if (isOpen(i)) {
                open[at++] = i;
            }
        }
        return open;
    }

    void put(int recipient, DeliveryOutcome outcome) {
        DeliveryOutcome before = outcomes[recipient];
        mayBeFitLater |= before != null && !OutcomePolicy.isUnfit(before);
        outcomes[recipient] = outcome;
    }

    void putOpen(DeliveryOutcome outcome) {
        for (int i = 0; i < outcomes.length; i++) {
            if (isOpen(i)) {
                put(i, outcome);
            }
        }
    }

    /** The log has had it. */
    void setNoticed(DeliveryOutcome outcome) {
        noticed = outcome;
    }

    /** Logs the reply of the host before, which the next one's replaces. */
    void noticeTurn(ClientLog log) {
        for (DeliveryOutcome outcome : outcomes) {
            if (outcome != null && mayGoOn(outcome) && outcome != noticed) {
                noticed = outcome;
                log.onNotice(request.queueId(), outcome.text());
            }
        }
    }

    /** There may be a server that nobody has found yet: no recipient is given up because those that were are unfit. */
    void keepForAnother() {
        mayBeFitLater = true;
    }

    /** Each recipient has one, and no more will come. */
    DeliveryOutcome[] end() {
        assert Arrays.stream(outcomes).noneMatch(Objects::isNull);
        if (request.envelope().tls() == TlsDemand.REQUIRED && !mayBeFitLater) {
            OutcomePolicy.settleUnfit(outcomes);
        }
        return outcomes;
    }
}
