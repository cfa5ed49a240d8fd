// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.FileFacts;
import dev.stafette.delivery.mailbox.LetterWork;
import dev.stafette.delivery.mailbox.LettersWork;
import dev.stafette.delivery.mailbox.MailboxResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does in one go for one mailbox: letters that are put off until they go in together, and what is known of the
 * user's files meanwhile.
 * Thread: the delivery worker's.
 */
final class MailboxTurn {
    /** The delivery service has those of all turns in memory. */
    private static final long BYTES_MAX = 128 << 10;

    private final Identity identity;

    // Owned by the worker.
    private final List<Letter> letters = new ArrayList<>();
    private final Map<Question, Answer> answers = new HashMap<>();
    private long bytes;

    private record Letter(UserIds user, LetterWork work, Consumer<Landing> onLanded) {}

    private record Question(UserIds user, FactsWork work) {}

    private record Answer(
            @Nullable FileFacts facts, @Nullable IOException failure) {}

    /** What has become of a letter. */
    interface Landing {
        /** Throws where nobody could try. */
        MailboxResult result() throws IOException;
    }

    MailboxTurn(Identity identity) {
        this.identity = identity;
    }

    /** As of some time in this turn. */
    FileFacts facts(UserIds user, FactsWork work) throws IOException {
        Answer answer = answers.computeIfAbsent(new Question(user, work), this::ask);
        if (answer.failure() != null) {
            throw answer.failure();
        }
        return Objects.requireNonNull(answer.facts());
    }

    private Answer ask(Question question) {
        try {
            return new Answer(identity.call(question.user(), question.work()), null);
        } catch (IOException e) {
            return new Answer(null, e);
        }
    }

    /** {@code onLanded}: told in this turn, on this thread. */
    void putOff(UserIds user, LetterWork work, Consumer<Landing> onLanded) {
        boolean isOfOther = !letters.isEmpty() && !letters.get(0).user().equals(user);
        long more = work.letter().body().sizeBytes();
        if (isOfOther || letters.size() == LettersWork.COUNT_MAX || bytes + more > BYTES_MAX) {
            deliver();
        }
        letters.add(new Letter(user, work, onLanded));
        bytes += more;
    }

    boolean owesNothing() {
        return letters.isEmpty();
    }

    /** Before something that may take its time, and at the end: nothing waits, and what was known is no longer. */
    void settle() {
        deliver();
        answers.clear();
    }

    private void deliver() {
        if (letters.isEmpty()) {
            return;
        }
        List<Letter> all = List.copyOf(letters);
        letters.clear();
        bytes = 0;
        List<MailboxResult> results;
        try {
            results = identity.call(
                    all.get(0).user(),
                    new LettersWork(all.stream().map(Letter::work).toList()));
        } catch (IOException e) {
            all.forEach(letter -> letter.onLanded().accept(() -> {
                throw e;
            }));
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            MailboxResult result = results.get(i);
            all.get(i).onLanded().accept(() -> result);
        }
    }
}
