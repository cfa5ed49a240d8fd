// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import java.security.GeneralSecurityException;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made with private keys for a message: at once where that is quick, else beside the event loop. A message for which it
 * fails is refused for now.
 * Thread: event loop.
 */
public final class KeyWork {
    private static final Logger LOG = LoggerFactory.getLogger(KeyWork.class);
    private static final String PROGRAM = "cleanup";

    private final String product;
    private final Executor threads;

    /** Makes it, and says what is to be done with it. Thread: any. */
    public interface Task {
        StepAnswer.Rest run() throws GeneralSecurityException;
    }

    /** {@code product}: as logs call it. */
    public KeyWork(String product, Executor threads) {
        this.product = product;
        this.threads = threads;
    }

    public StepOutcome begin(MessageDraft message, boolean isQuick, Task task) {
        if (isQuick) {
            return run(task).run(message);
        }
        StepAnswer answer = message.answersLater();
        threads.execute(() -> answer.give(run(task)));
        return StepOutcome.LATER;
    }

    private StepAnswer.Rest run(Task task) {
        try {
            return task.run();
        } catch (GeneralSecurityException | RuntimeException e) {
            LOG.error("a {}", product, e);
            return message -> refuse(message, "no " + product + ": " + e.getMessage());
        }
    }

    static StepOutcome refuse(MessageDraft message, String why) {
        message.log().warning(PROGRAM, message.arrival().queueIdText() + ": " + why);
        return StepOutcome.refuse(SmtpPhrasebook.ADDRESS_LOOKUP);
    }
}
