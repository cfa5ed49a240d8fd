// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.TableAnswer;
import java.io.IOException;

/**
 * What is done with mail for a user that the machine does not know.
 * Thread: the delivery worker's.
 */
final class UnknownStep {
    private final LocalAttempt attempt;
    private final LocalSettings settings;

    UnknownStep(LocalAttempt attempt) {
        this.attempt = attempt;
        this.settings = attempt.settings();
    }

    Progress deliver(Standing given) throws IOException {
        Standing standing = given.deeper();
        if (attempt.duplicates().isAgain("unknown " + standing.local)) {
            return Progress.DONE;
        }
        LocalSettings.Ways ways = settings.ways();
        TableAnswer other = MailboxStep.find(ways.fallbackMaps(), standing.user);
        if (other.isFound()) {
            return new PassStep(attempt).deliver(standing, other.value());
        }
        if (other.isUnavailable()) {
            return attempt.end(standing, RecipientEnd.deferred("table lookup failure"));
        }
        if (!ways.fallback().isEmpty()) {
            return new PassStep(attempt).deliver(standing, ways.fallback());
        }
        if (!ways.relay().isEmpty()) {
            return toRelay(standing, ways.relay());
        }
        if (standing.user.equals("postmaster") || standing.user.equals("mailer-daemon")) {
            attempt.warn("required alias not found: " + standing.user);
            return attempt.end(standing, RecipientEnd.sent("discarded"));
        }
        return attempt.end(standing, RecipientEnd.unknownUser(standing.user));
    }

    private Progress toRelay(Standing standing, String pattern) throws IOException {
        standing.unmatched = null;
        String text = LocalExpansion.of(pattern, standing, settings.delimiters(), null)
                .text();
        if (text == null) {
            attempt.warn("bad parameter value syntax for luser_relay: " + pattern);
            return attempt.end(standing, RecipientEnd.misconfigured());
        }
        MailAddress relay = attempt.transport().parts().rewriter().get().complete(AddressList.split(text));
        return relay.external().equalsIgnoreCase(standing.address.external())
                ? attempt.end(standing, RecipientEnd.unknownUser(standing.user))
                : new RecipientStep(attempt).resolve(standing, text);
    }
}
