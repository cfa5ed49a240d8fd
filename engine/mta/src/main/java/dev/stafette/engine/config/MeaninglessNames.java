// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that a configuration sets and that have no meaning here, by the reason for that.
 * Thread: any.
 */
final class MeaninglessNames {
    private static final String BY_DESIGN = "what they steer is done in another way";

    private final Settings settings;
    private final Map<String, Set<String>> byReason = new LinkedHashMap<>();

    MeaninglessNames(Settings settings) {
        this.settings = settings;
    }

    /** Of main.cf, or of one row: then these are its settings. */
    void add(Settings ofWhom, String name) {
        if (ParameterUse.of(name, settings.transports()) == ParameterUse.NO_MEANING && !ofWhom.isDefault(name)) {
            PostfixNames.@Nullable Entry entry = PostfixNames.known().find(name, settings.transports());
            String reason = entry == null ? null : entry.reason();
            byReason.computeIfAbsent(reason == null ? BY_DESIGN : reason, key -> new LinkedHashSet<>())
                    .add(name);
        }
    }

    /** One line for each reason. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        byReason.forEach(
                (reason, names) -> notes.add("without a meaning here, as " + reason + ": " + String.join(", ", names)));
        return notes;
    }
}
