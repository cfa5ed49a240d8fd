// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/** What a step says. Thread: any (a value). */
public final class StepOutcome {
    /** The next step, please. */
    public static final StepOutcome DONE = new StepOutcome(null);

    /** It answers by the {@link StepAnswer} that it has taken; until then the message waits. */
    public static final StepOutcome LATER = new StepOutcome(null);

    /** The message is as good as taken, and comes to nothing. */
    public static final StepOutcome DISCARD = new StepOutcome(null);

    private final @Nullable SmtpReply refusal;

    private StepOutcome(@Nullable SmtpReply refusal) {
        this.refusal = refusal;
    }

    /** The message does not come in, for this reason. */
    public static StepOutcome refuse(SmtpReply why) {
        return new StepOutcome(why);
    }

    @Nullable
    SmtpReply refusal() {
        return refusal;
    }
}
