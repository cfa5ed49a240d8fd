// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts messages into mailboxes of one account; those behind each other that are for the same one go in together, and share its
 * locks and syncs.
 * Thread: the caller's.
 */
public record LettersWork(List<LetterWork> works) implements FileWork<List<MailboxResult>> {
    public static final int COUNT_MAX = 100;

    public LettersWork {
        if (works.isEmpty() || works.size() > COUNT_MAX) {
            throw new IllegalArgumentException("letters: " + works.size() + " (expected: 1.." + COUNT_MAX + ")");
        }
    }

    /** A result for each, in their order. */
    @Override
    public List<MailboxResult> call() {
        List<MailboxResult> results = new ArrayList<>(works.size());
        int begin = 0;
        while (begin < works.size()) {
            LetterWork first = works.get(begin);
            int end = begin + 1;
            while (end < works.size() && isForSamePlace(first, works.get(end))) {
                end++;
            }
            results.addAll(first.deliver(
                    works.subList(begin, end).stream().map(LetterWork::letter).toList()));
            begin = end;
        }
        return results;
    }

    private static boolean isForSamePlace(LetterWork one, LetterWork other) {
        return one.getClass() == other.getClass() && one.place().equals(other.place());
    }
}
