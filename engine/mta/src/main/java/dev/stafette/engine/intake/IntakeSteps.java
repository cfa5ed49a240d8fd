// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.ArrayList;
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

    private final List<IntakeStep> inOrder;
    private final Map<Entrance, IntakeStep[]> byEntrance = new EnumMap<>(Entrance.class);

    public IntakeSteps(List<IntakeStep> steps) {
        inOrder = List.copyOf(steps);
        for (Entrance entrance : Entrance.values()) {
            byEntrance.put(
                    entrance,
                    steps.stream().filter(step -> step.appliesTo(entrance)).toArray(IntakeStep[]::new));
        }
    }

    /** These, and that one behind them. */
    IntakeSteps and(IntakeStep last) {
        List<IntakeStep> steps = new ArrayList<>(inOrder);
        steps.add(last);
        return new IntakeSteps(steps);
    }

    /** That one, and these behind it. */
    IntakeSteps after(IntakeStep first) {
        List<IntakeStep> steps = new ArrayList<>();
        steps.add(first);
        steps.addAll(inOrder);
        return new IntakeSteps(steps);
    }

    /** These, and that one when the others have made of a message what it will be. */
    IntakeSteps inspectedBy(IntakeStep inspector) {
        List<IntakeStep> steps = new ArrayList<>();
        for (IntakeStep step : inOrder) {
            if (step instanceof SmtpUtf8Step) {
                steps.add(inspector);
            }
            steps.add(step);
        }
        return new IntakeSteps(steps);
    }

    /** For messages that do not enter the queue: {@code taker} gets them, with the fields that a server puts on top. */
    static IntakeSteps ofTaker(IntakeStep taker) {
        return new IntakeSteps(List.of(new OrderedFieldsStep(), new ReceivedStep(), taker));
    }

    /** Read only. */
    IntakeStep[] of(Entrance entrance) {
        return Objects.requireNonNull(byEntrance.get(entrance));
    }
}
