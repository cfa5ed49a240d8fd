// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;

/**
 * Puts a message into a directory.
 * Thread: the caller's.
 *
 * @param directories of this process
 */
public record MaildirWork(Maildir directories, Maildir.Place place, MailboxLetter letter)
        implements FileWork<MailboxResult> {
    @Override
    public MailboxResult call() {
        return directories.deliver(place, letter);
    }
}
