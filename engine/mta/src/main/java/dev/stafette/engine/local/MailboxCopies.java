// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.copy.CopyAddresses;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.AppendWork;
import dev.stafette.delivery.mailbox.MailboxFile;
import dev.stafette.delivery.mailbox.MailboxLetter;
import dev.stafette.delivery.mailbox.MailboxSettings;
import dev.stafette.delivery.mailbox.Maildir;
import dev.stafette.delivery.mailbox.MaildirWork;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Puts the message of one attempt into files and directories, in the name of accounts.
 * Thread: the delivery worker's.
 */
final class MailboxCopies {
    private static final EnhancedStatus OTHERWISE = EnhancedStatus.of(5, 2, 0);

    private final LocalAttempt attempt;

    MailboxCopies(LocalAttempt attempt) {
        this.attempt = attempt;
    }

    /** Whose copy it is. */
    static CopyAddresses addresses(LocalAttempt attempt, Standing standing) {
        return new CopyAddresses(
                standing.sender.external(),
                attempt.settings().tellsOriginal() ? standing.given : "",
                standing.deliveredTo());
    }

    private boolean tellsDeliveredTo() {
        return attempt.settings().prepends().contains("file");
    }

    Progress toDirectory(Standing standing, String path, UserIds ids) throws IOException {
        if (attempt.onlyAsks()) {
            return attempt.end(standing, RecipientEnd.sent("delivers to maildir"));
        }
        String refusal = attempt.transport().identity().refusal(ids);
        if (refusal != null) {
            return attempt.end(standing, RecipientEnd.deferred(refusal));
        }
        thaw(standing);
        Maildir.Place place =
                new Maildir.Place(Path.of(path), attempt.settings().mailbox().sizeMax(), OTHERWISE);
        MailboxLetter letter = new MailboxLetter(
                attempt.request().body(), MailboxLetter.inDirectory(tellsDeliveredTo()), addresses(attempt, standing));
        return attempt.put(
                standing,
                ids,
                new MaildirWork(attempt.transport().room().directories(), place, letter),
                result -> result.isDelivered()
                        ? RecipientEnd.sent("delivered to maildir")
                        : new RecipientEnd(result.status(), result.reason()));
    }

    /** The final recipient is told, not the one through whom he was found. */
    void thaw(Standing standing) {
        if (!attempt.settings().freezesDelivered()) {
            standing.delivered = standing.address;
        }
    }

    /** The work of putting it at the end of a file. */
    AppendWork append(Standing standing, Path file, int ownerId, boolean isMailbox) {
        MailboxSettings settings = attempt.settings().mailbox();
        MailboxFile.Place place = new MailboxFile.Place(file, settings, ownerId, isMailbox, OTHERWISE);
        MailboxLetter letter = new MailboxLetter(
                attempt.request().body(), MailboxLetter.inFile(tellsDeliveredTo()), addresses(attempt, standing));
        return new AppendWork(attempt.transport().room().files(), place, letter);
    }
}
