// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.dkim.SealingKey;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.spf.SpfCheck;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The step of each service that has settings of its own; those with the same ones share it.
 * Thread: start-up and reload.
 */
public final class VerificationSteps {
    private static final String SEALING_KEY = "arc_sealing_key";
    private static final List<String> SEAL_PARAMETERS =
            List.of(SEALING_KEY, "authentication_results_id", "dkim_signed_header_fields");

    private final NameQuestions names;
    private final Executor threads;

    // Owned by whoever reads the configuration.
    private final Map<List<String>, VerificationStep> known = new HashMap<>();
    private final Map<List<String>, SealingStep> seals = new HashMap<>();

    /** {@code threads}: that do the arithmetic of signatures; no more wait than messages come in. */
    public VerificationSteps(NameQuestions names, Executor threads) {
        this.names = names;
        this.threads = threads;
    }

    /** Null: nothing is verified. */
    public @Nullable IntakeStep of(Settings service) {
        if (service.words(VerificationSettings.METHODS).isEmpty()) {
            return null;
        }
        List<String> values =
                VerificationSettings.PARAMETERS.stream().map(service::text).toList();
        return known.computeIfAbsent(
                values,
                unused -> new VerificationStep(
                        VerificationSettings.of(service),
                        names,
                        new SpfCheck(names, service.text("myhostname"), System::currentTimeMillis),
                        threads));
    }

    /** Null: nothing is sealed. */
    public @Nullable IntakeStep sealOf(Settings service) {
        List<String> values = SEAL_PARAMETERS.stream().map(service::text).toList();
        if (service.text(SEALING_KEY).isEmpty()) {
            return null;
        }
        if (!service.words(VerificationSettings.METHODS).contains(AuthenticationMethod.ARC.word())) {
            throw service.bad(SEALING_KEY, "arc in " + VerificationSettings.METHODS);
        }
        return seals.computeIfAbsent(values, unused -> seal(service));
    }

    private SealingStep seal(Settings service) {
        try {
            return new SealingStep(
                    SealingKey.of(service.text(SEALING_KEY)),
                    service.text("authentication_results_id"),
                    service.words("dkim_signed_header_fields"),
                    threads);
        } catch (IOException e) {
            throw service.bad(SEALING_KEY, "domain:selector:file with a key that can be read: " + e.getMessage());
        }
    }
}
