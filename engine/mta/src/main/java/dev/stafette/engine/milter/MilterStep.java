// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.milter;

import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepOutcome;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Shows the messages of one client's session to its milters, which know the envelope already.
 * Thread: event loop.
 */
public final class MilterStep implements IntakeStep {
    /** Each packet has its own time, and a milter may ask for more of it; but not for ever. */
    static final Duration ANSWER_TIME_MAX = Duration.ofHours(1);

    private final MilterSession session;
    private final Supplier<MilterPeer> peer;
    private final Consumer<String> warnings;

    /** {@code peer}: the client of the session. */
    public MilterStep(MilterSession session, Supplier<MilterPeer> peer, Consumer<String> warnings) {
        this.session = session;
        this.peer = peer;
        this.warnings = warnings;
    }

    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SMTP;
    }

    @Override
    public Duration answerTimeMax() {
        return ANSWER_TIME_MAX;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        return new MessageInspection(message, session, peer.get(), warnings, () -> {}).run(message);
    }
}
