// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.mailbox;

import java.util.List;

/**
 * Puts a message at the end of a mailbox file.
 * Thread: the caller's.
 *
 * @param files of this process
 */
public record AppendWork(MailboxFile files, MailboxFile.Place place, MailboxLetter letter) implements LetterWork {
    @Override
    public List<MailboxResult> deliver(List<MailboxLetter> letters) {
        return files.append(place, letters);
    }
}
