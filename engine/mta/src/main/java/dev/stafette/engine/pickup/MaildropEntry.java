// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pickup;

import java.util.List;

/**
 * A message that waits in {@code maildrop/}, for those who list the queue.
 * Thread: any (a value).
 *
 * @param id the name of the file, which is not the queue id that the message will get
 * @param arrivalMs ms since 1970
 * @param sender as it was handed in; empty for the null address
 * @param sizeBytes of the file, as Postfix shows it
 */
public record MaildropEntry(String id, long arrivalMs, long sizeBytes, String sender, List<String> recipients) {
    public MaildropEntry {
        recipients = List.copyOf(recipients);
    }
}
