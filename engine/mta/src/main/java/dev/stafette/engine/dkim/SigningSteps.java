// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.match.ListTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The step that signs, for each service that has settings of its own; those with the same ones share it, and its keys.
 * Thread: start-up and reload.
 */
public final class SigningSteps {
    private static final List<String> PARAMETERS = List.of(
            "dkim_key_table",
            "dkim_signing_table",
            "dkim_canonicalization",
            "dkim_signed_header_fields",
            "dkim_oversigned_header_fields",
            "dkim_signature_time_to_live");

    private final ListTables tables;
    private final Executor threads;

    // Owned by whoever reads the configuration.
    private final Map<List<String>, SigningStep> known = new HashMap<>();

    /** {@code threads}: that make the signatures; no more wait than messages come in. */
    public SigningSteps(ListTables tables, Executor threads) {
        this.tables = tables;
        this.threads = threads;
    }

    /** Null: nothing is signed. */
    public @Nullable IntakeStep of(Settings service) {
        List<String> values = PARAMETERS.stream().map(service::text).toList();
        if (Objects.requireNonNull(values.get(0)).isEmpty()) {
            return null;
        }
        return known.computeIfAbsent(values, unused -> new SigningStep(Signer.of(service, tables), threads));
    }
}
