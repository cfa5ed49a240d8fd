// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The steps of a service, in their order, by the way that a message comes in.
 * Thread: any (it does not change).
 */
public final class IntakeSteps {
    /** What is done to every message. */
    public static final IntakeSteps ALL = new IntakeSteps(IntakeStep.ALL);

    private final Map<Entrance, IntakeStep[]> byEntrance = new EnumMap<>(Entrance.class);

    public IntakeSteps(List<IntakeStep> steps) {
        for (Entrance entrance : Entrance.values()) {
            byEntrance.put(
                    entrance,
                    steps.stream().filter(step -> step.appliesTo(entrance)).toArray(IntakeStep[]::new));
        }
    }

    /** Read only. */
    IntakeStep[] of(Entrance entrance) {
        return Objects.requireNonNull(byEntrance.get(entrance));
    }
}
