// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.deputy;

import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.LettersWork;
import dev.stafette.delivery.mailbox.MailboxResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one transaction, each with the work that it is for, all of them one user's: they are delivered together.
 * Thread: the session's.
 */
final class DeputyLetters implements AutoCloseable {
    private final DeputyParts parts;

    // Owned by the session's thread.
    private final List<Letter> letters = new ArrayList<>();

    private record Letter(WorkFields work, ReceivedBody body) {}

    DeputyLetters(DeputyParts parts) {
        this.parts = parts;
    }

    int count() {
        return letters.size();
    }

    /** The body is released when all are. */
    void add(WorkFields work, ReceivedBody body) {
        letters.add(new Letter(work, body));
    }

    /** Whether that work is of the same user as those that are there. */
    boolean isForSame(WorkFields work) throws IOException {
        return letters.isEmpty() || user().equals(CommandWork.user(work));
    }

    private UserIds user() throws IOException {
        return CommandWork.user(letters.get(0).work());
    }

    /** A result for each; throws where nothing has been done for any. */
    List<MailboxResult> deliver() throws IOException {
        UserIds user = user();
        Mailboxes.OfUser mailboxes = parts.mailboxes().take(user);
        try {
            List<LetterWork> works = new ArrayList<>(letters.size());
            for (Letter letter : letters) {
                works.add(MailboxWork.parse(letter.work(), mailboxes, letter.body()));
            }
            return parts.identity().call(user, new LettersWork(works));
        } catch (IllegalArgumentException e) {
            throw new IOException("work that is not in its form: " + e.getMessage(), e);
        } finally {
            parts.mailboxes().giveBack(user);
        }
    }

    @Override
    public void close() {
        letters.forEach(letter -> letter.body().release());
        letters.clear();
    }
}
