// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.util.List;

/**
 * Puts a message into a directory.
 * Thread: the caller's.
 *
 * @param directories of this process
 */
public record MaildirWork(Maildir directories, Maildir.Place place, MailboxLetter letter) implements LetterWork {
    @Override
    public List<MailboxResult> deliver(List<MailboxLetter> letters) {
        return directories.deliver(place, letters);
    }
}
