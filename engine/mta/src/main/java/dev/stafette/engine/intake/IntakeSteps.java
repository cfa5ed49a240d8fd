// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a service, in their order, by the way that a message comes in.
 * Thread: any (it does not change).
 */
public final class IntakeSteps {
    /** What is done to every message. */
    public static final IntakeSteps ALL = new IntakeSteps(IntakeStep.ALL);

    private final List<IntakeStep> inOrder;
    private final Order[] byEntrance = new Order[Entrance.values().length];

    /** Those of one entrance, so that none is asked in vain. Read only. */
    record Order(HeaderStep[] atHeader, MessageStep[] ofMessages, IntakeStep[] atEnd) {
        static Order of(List<IntakeStep> steps) {
            return new Order(
                    steps.stream()
                            .filter(HeaderStep.class::isInstance)
                            .map(HeaderStep.class::cast)
                            .toArray(HeaderStep[]::new),
                    steps.stream()
                            .filter(MessageStep.class::isInstance)
                            .map(MessageStep.class::cast)
                            .toArray(MessageStep[]::new),
                    steps.stream()
                            .filter(step -> !(step instanceof HeaderStep header) || header.isForTheEnd())
                            .toArray(IntakeStep[]::new));
        }
    }

    public IntakeSteps(List<IntakeStep> steps) {
        inOrder = List.copyOf(steps);
        for (Entrance entrance : Entrance.values()) {
            byEntrance[entrance.ordinal()] = Order.of(
                    steps.stream().filter(step -> step.appliesTo(entrance)).toList());
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

    /** For messages that do not enter the queue: {@code taker} gets them, with the fields that are to come back with them. */
    IntakeSteps ofTaker(IntakeStep taker) {
        List<IntakeStep> steps = new ArrayList<>(List.of(new OrderedFieldsStep(), new ReceivedStep()));
        inOrder.stream().filter(TlsDemandStep.class::isInstance).forEach(steps::add);
        steps.add(taker);
        return new IntakeSteps(steps);
    }

    Order of(Entrance entrance) {
        return byEntrance[entrance.ordinal()];
    }
}
