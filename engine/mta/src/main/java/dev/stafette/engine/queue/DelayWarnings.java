// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.queue;

import dev.stafette.codec.dsn.DsnAction;
import dev.stafette.codec.dsn.DsnKind;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.scheduler.RecipientStatus;
import dev.stafette.scheduler.Scheduler;

/**
 * Decides when a sender hears that a message is late: once, when a recipient is deferred of a message that is older than
 * {@code delay_warning_time}.
 * Thread: queue agent.
 */
final class DelayWarnings {
    private final Scheduler scheduler;
    private final QueueClock clock;

    // Owned by the queue agent.
    private QueueRules rules;

    DelayWarnings(Scheduler scheduler, QueueClock clock, QueueRules rules) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.rules = rules;
    }

    /** From now on. */
    void reload(QueueRules newRules) {
        rules = newRules;
    }

    boolean isDue(int slot) {
        long ageNs = rules.delayWarningNs();
        return ageNs > 0
                && clock.nowNs() - scheduler.view().arrivalNs(slot) >= ageNs
                && !scheduler.view().isWarned(slot)
                && (rules.warnsWithoutSender() || !scheduler.view().isNullSender(slot))
                && !scheduler.view().isHeld(slot);
    }

    /** Notes everybody who waits and whose sender wants to hear of it; false when there is nobody. */
    boolean note(ActiveMessage message) {
        int slot = message.slot();
        scheduler.commands().setWarned(slot);
        boolean any = false;
        for (int r = scheduler.view().firstRecipient(slot);
                r != Scheduler.NONE;
                r = scheduler.view().nextRecipient(r)) {
            int index = scheduler.view().envelopeIndexOf(r);
            EnvelopeRecipient recipient = message.envelope().recipients().get(index);
            if (scheduler.view().status(r) == RecipientStatus.DEFERRED
                    && DsnNotify.wantsDelay(recipient.notifyBits())) {
                message.addReport(RecipientReport.of(
                        DsnKind.DELAY,
                        DsnAction.DELAYED,
                        index,
                        recipient,
                        Reason.decode(scheduler.view().reasonOf(r))));
                any = true;
            }
        }
        return any;
    }
}
