// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;
import java.util.List;

/**
 * Puts one message into one mailbox, alone or with others that are for the same one.
 * Thread: the caller's.
 */
public sealed interface LetterWork extends FileWork<MailboxResult> permits AppendWork, MaildirWork {
    MailboxLetter letter();

    /** Equal to another's of the same kind: the letters may go in together. */
    Object place();

    /** Puts these into the place; a result for each, in their order. */
    List<MailboxResult> deliver(List<MailboxLetter> letters);

    @Override
    default MailboxResult call() {
        return deliver(List.of(letter())).get(0);
    }
}
