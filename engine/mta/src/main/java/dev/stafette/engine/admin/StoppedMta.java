// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.pickup.Maildrop;
import dev.stafette.engine.pickup.WaitingMail;
import dev.stafette.engine.queue.StoppedQueue;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A mail system that does not run, for the commands that show its queue.
 * Thread: the caller's, which waits for the disk.
 */
public final class StoppedMta {
    private StoppedMta() {}

    /**
     * Answers what the process would, of what lies in its directory, where nothing is changed. A StorageException says why
     * the queue cannot be read.
     *
     * @param nobody what is shown for the null sender ({@code empty_address_recipient})
     * @param warnings hears of damage
     */
    public static AnswerLines ask(Path queueDirectory, String nobody, AdminRequest request, Consumer<String> warnings) {
        StoppedQueue queue = StoppedQueue.open(queueDirectory, warnings);
        Executor here = Runnable::run;
        AdminCommands commands = AdminCommands.thatShow(
                new AdministeredQueue(queue, queue.bodies(), here, () -> nobody),
                new MaildropQueue(new WaitingMail(new Maildrop(queueDirectory)), here, null, () -> nobody));
        return new LocalAnswer(commands, request, queue::close);
    }
}
