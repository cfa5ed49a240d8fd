// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.SystemReason;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.table.Inquiry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The order in which the ways for one recipient are tried: loop check, aliases, a message of its own, forward file, mailbox,
 * and what is done for unknown users.
 * Thread: the delivery worker's.
 */
final class RecipientStep {
    static final int LEVEL_MAX = 100;

    private final LocalAttempt attempt;
    private final LocalSettings settings;

    RecipientStep(LocalAttempt attempt) {
        this.attempt = attempt;
        this.settings = attempt.settings();
    }

    Progress deliver(Standing given) throws IOException {
        Standing standing = given.deeper();
        String address = standing.address.external();
        if (standing.level > LEVEL_MAX) {
            attempt.warn("recipient nesting limit exceeded for " + address);
            return attempt.end(standing, RecipientEnd.loop("recipient nesting limit exceeded"));
        }
        if (attempt.duplicates().isAgain("recipient " + standing.level + ' ' + address)) {
            return Progress.DONE;
        }
        if (attempt.before().contains(address)) {
            return attempt.end(standing, RecipientEnd.loop("mail forwarding loop for " + address));
        }
        if (standing.delivered == null) {
            standing.delivered = standing.address;
        }
        split(standing);
        if (standing.user.isEmpty()) {
            return attempt.end(
                    standing, new RecipientEnd(EnhancedStatus.of(5, 1, 3), "null username in \"" + address + '"'));
        }
        return choose(standing.deeper());
    }

    private void split(Standing standing) {
        String local = standing.address.localPart().toLowerCase(Locale.ROOT);
        standing.domain = standing.address.domain().toLowerCase(Locale.ROOT);
        int length = settings.keys().userLength(local);
        standing.user = local.substring(0, length);
        standing.extension = length == local.length() ? null : local.substring(length + 1);
        standing.local = local;
        if (standing.extension != null && standing.extension.indexOf('/') >= 0) {
            attempt.warn(attempt.request().queueId() + ": address with illegal extension: " + local);
            standing.extension = null;
            standing.local = standing.user;
        }
        standing.unmatched = standing.extension;
    }

    private Progress choose(Standing standing) throws IOException {
        AliasStep aliases = new AliasStep(attempt);
        standing.unmatched = null;
        Progress progress = aliases.deliver(standing, standing.local);
        if (progress != Progress.DECLINED) {
            return progress;
        }
        if (standing.extension != null) {
            standing.unmatched = settings.propagates().contains("alias") ? standing.extension : null;
            progress = aliases.deliver(standing, standing.user);
            if (progress != Progress.DECLINED) {
                return progress;
            }
            standing.unmatched = standing.extension;
        }
        // Others than whose list or forward file it is have a message of their own, with states of their own in the
        // queue.
        boolean isForOther = standing.owner != null && !standing.owner.equalsIgnoreCase(standing.user);
        if (isForOther || standing.source == Standing.Source.INCLUDE_FILE) {
            return attempt.forward(standing);
        }
        return toUser(standing);
    }

    private Progress toUser(Standing standing) throws IOException {
        if (settings.homes().required()) {
            UserAccount account;
            try {
                account = attempt.transport().accounts().find(standing.user);
            } catch (IOException e) {
                return attempt.end(standing, lookupError(standing, e));
            }
            String why = account == null ? null : homeProblem(account);
            if (why != null) {
                return attempt.end(standing, RecipientEnd.deferred(why));
            }
        }
        Progress progress = new ForwardFileStep(attempt).deliver(standing);
        if (progress == Progress.DECLINED) {
            progress = new MailboxStep(attempt).deliver(standing);
        }
        return progress == Progress.DECLINED ? new UnknownStep(attempt).deliver(standing) : progress;
    }

    /** Somebody does not answer: the account may be there. */
    RecipientEnd lookupError(Standing standing, IOException e) {
        attempt.warn("error looking up passwd info for " + standing.user + ": " + e.getMessage());
        return new RecipientEnd(EnhancedStatus.of(4, 0, 0), "user lookup error");
    }

    private @Nullable String homeProblem(UserAccount account) {
        String refusal = attempt.transport().identity().refusal(account.ids());
        if (refusal != null) {
            return refusal;
        }
        try {
            attempt.turn().facts(account.ids(), new FactsWork(Path.of(account.home()), true));
            return null;
        } catch (IOException e) {
            return "cannot access home directory " + account.home() + ": " + SystemReason.text(e);
        }
    }

    /** An address that an expansion names: completed, and delivered here if it is one of ours. */
    Progress resolve(Standing given, String text) throws IOException {
        Standing standing = given.deeper();
        String plain = text.startsWith("\\") ? text.substring(1) : text;
        MailAddress address = attempt.transport()
                .parts()
                .rewriter()
                .get()
                .tryFollow(AddressList.split(plain), true, Inquiry.BLOCKING);
        if (address == null) {
            return attempt.end(
                    standing, new RecipientEnd(EnhancedStatus.of(5, 1, 3), "bad recipient address syntax: " + plain));
        }
        Route route = attempt.transport().parts().routes().resolve(address, standing.sender, Inquiry.BLOCKING);
        if (route == null) {
            return attempt.end(standing, RecipientEnd.deferred("address resolver failure"));
        }
        if (standing.unmatched != null) {
            char delimiter = standing.local.charAt(standing.user.length());
            address = MailAddress.of(address.localPart() + delimiter + standing.unmatched, address.domain());
        }
        standing.address = address;
        return route.transport().equals(attempt.transport().service()) ? deliver(standing) : attempt.forward(standing);
    }
}
