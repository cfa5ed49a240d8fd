// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.engine.config.Settings;
import org.jspecify.annotations.Nullable;

/**
 * Where the steps come from that not all mail passes.
 * Thread: start-up and reload.
 *
 * @param reports who takes mail to return addresses, before all other steps
 * @param verifiers who finds out what can be proved of mail, as the first step
 * @param milters who inspects mail that no client brings, of the settings of the cleanup service
 * @param returns who makes return addresses, as the last step
 * @param signers who signs mail, behind it
 * @param sealers who vouches for what was proved, behind that
 */
public record StepSources(
        StepSource reports,
        StepSource verifiers,
        StepSource milters,
        StepSource returns,
        StepSource signers,
        StepSource sealers) {
    /** There are none. */
    public static final StepSources NONE = new StepSources(
            service -> null, service -> null, service -> null, service -> null, service -> null, service -> null);

    /** A step for the mail that comes in by a service. Thread: start-up and reload. */
    public interface StepSource {
        /** Null: there is none. */
        @Nullable
        IntakeStep of(Settings service);
    }
}
