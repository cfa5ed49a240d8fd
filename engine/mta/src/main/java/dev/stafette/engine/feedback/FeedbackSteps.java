// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.feedback;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.event.EventLog;
import dev.stafette.engine.intake.IntakeStep;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a service: one that takes reports, and one that seals senders so that there can be some.
 * Thread: start-up and reload.
 */
public final class FeedbackSteps {
    private final SeenReports seen;
    private final @Nullable EventLog events;
    private final Executor workers;

    /**
     * @param events null: what reports say is in the mail log alone
     * @param workers read reports; no more wait than messages come in
     */
    public FeedbackSteps(SeenReports seen, @Nullable EventLog events, Executor workers) {
        this.seen = seen;
        this.events = events;
        this.workers = workers;
    }

    /** Null: no reports are expected. */
    public @Nullable IntakeStep of(Settings service) {
        ReturnAddresses addresses = ReturnAddresses.of(service);
        return addresses == null
                ? null
                : new FeedbackStep(
                        addresses, new ReportRecorder(addresses, FeedbackRules.of(service), seen, events), workers);
    }

    /** Null: senders stay as they are. */
    public @Nullable IntakeStep sealOf(Settings service) {
        return ReturnAddressStep.isWanted(service)
                ? new ReturnAddressStep(ReturnAddresses.keys(service, service.text(ReturnAddresses.KEY_FILE)), service)
                : null;
    }
}
