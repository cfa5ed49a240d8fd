// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import dev.stafette.delivery.identity.FileWork;

/**
 * Puts a message at the end of a mailbox file.
 * Thread: the caller's.
 *
 * @param files of this process
 */
public record AppendWork(MailboxFile files, MailboxFile.Place place, MailboxLetter letter)
        implements FileWork<MailboxResult> {
    @Override
    public MailboxResult call() {
        return files.append(place, letter);
    }
}
