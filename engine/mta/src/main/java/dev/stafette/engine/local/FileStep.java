// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.MailboxResult;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Delivers to {@code /file}, or to a Maildir where it ends with a slash.
 * Thread: the delivery worker's.
 */
final class FileStep {
    private static final EnhancedStatus RESTRICTED = EnhancedStatus.of(5, 7, 1);

    private final LocalAttempt attempt;

    FileStep(LocalAttempt attempt) {
        this.attempt = attempt;
    }

    Progress deliver(Standing given, String path) throws IOException {
        Standing standing = given.deeper();
        UserAccount rights = standing.rights;
        if (attempt.duplicates()
                .isAgain("file " + (rights == null ? 0 : rights.ids().uid()) + ' ' + path)) {
            return Progress.DONE;
        }
        if (!attempt.settings().toFiles().contains(TokenStep.wordOf(standing.source))) {
            return attempt.end(standing, new RecipientEnd(RESTRICTED, "mail to file is restricted"));
        }
        if (attempt.onlyAsks()) {
            return attempt.end(standing, RecipientEnd.sent("delivers to file: " + path));
        }
        UserIds ids = attempt.transport().idsFor(rights);
        if (ids == null) {
            return attempt.end(standing, RecipientEnd.misconfigured());
        }
        if (path.endsWith("/")) {
            return new MailboxCopies(attempt).toDirectory(standing, path, ids);
        }
        String refusal = attempt.transport().identity().refusal(ids);
        if (refusal != null) {
            return attempt.end(standing, RecipientEnd.deferred(refusal));
        }
        return attempt.put(
                standing,
                ids,
                new MailboxCopies(attempt).append(standing, Path.of(path), -1, false),
                result -> endOf(result, path));
    }

    private static RecipientEnd endOf(MailboxResult result, String path) {
        return result.isDelivered()
                ? RecipientEnd.sent("delivered to file: " + path)
                : new RecipientEnd(
                        result.status(),
                        result.because("cannot append message to file " + path + ": ")
                                .reason());
    }
}
