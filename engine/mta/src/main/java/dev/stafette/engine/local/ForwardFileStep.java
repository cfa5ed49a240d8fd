// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.Identity;
import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FactsWork;
import dev.stafette.delivery.mailbox.FileFacts;
import dev.stafette.delivery.mailbox.SystemReason;
import dev.stafette.delivery.mailbox.TextWork;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to what a user's forward file lists, with the user's rights: the first file of {@code forward_path} that is there.
 * Thread: the delivery worker's.
 */
final class ForwardFileStep {
    private final LocalAttempt attempt;
    private final LocalSettings settings;
    private final Identity identity;

    ForwardFileStep(LocalAttempt attempt) {
        this.attempt = attempt;
        this.settings = attempt.settings();
        this.identity = attempt.transport().identity();
    }

    private record Found(Path path, FileFacts facts, boolean usesExtension) {}

    Progress deliver(Standing given) throws IOException {
        if (settings.homes().forwardPath().isEmpty()) {
            return Progress.DECLINED;
        }
        Standing standing = given.deeper();
        UserAccount account;
        try {
            account = attempt.transport().accounts().find(standing.user);
        } catch (IOException e) {
            return attempt.end(standing, new RecipientStep(attempt).lookupError(standing, e));
        }
        if (account == null) {
            return Progress.DECLINED;
        }
        if (!settings.freezesDelivered()) {
            standing.delivered = standing.address;
        }
        standing.rights = account;
        standing.source = Standing.Source.FORWARD_FILE;
        standing.owner = standing.user;
        String refusal = identity.refusal(account.ids());
        if (refusal != null) {
            // Whether there is a file is for the user alone to know, so that mail must not be put elsewhere meanwhile.
            return settings.ways().mailbox().isEmpty()
                            && settings.ways().mailboxMaps().isEmpty()
                    ? attempt.end(standing, RecipientEnd.deferred(refusal))
                    : Progress.DECLINED;
        }
        Found found = find(standing, account.ids());
        return found == null ? Progress.DECLINED : deliver(standing, found, account.ids());
    }

    private @Nullable Found find(Standing standing, UserIds ids) {
        for (String word : settings.homes().forwardPath()) {
            LocalExpansion path = LocalExpansion.of(
                    word, standing, settings.delimiters(), settings.homes().forwardFilter());
            String text = path.text();
            if (text != null && path.isComplete()) {
                try {
                    FileFacts facts = attempt.turn().facts(ids, new FactsWork(Path.of(text), false));
                    return new Found(Path.of(text), facts, path.usesExtension());
                } catch (IOException e) {
                    // The next one may be there.
                    continue;
                }
            }
        }
        return null;
    }

    private Progress deliver(Standing standing, Found found, UserIds ids) throws IOException {
        if (found.usesExtension() || !settings.propagates().contains("forward")) {
            standing.unmatched = null;
        }
        String path = found.path().toString();
        if (attempt.onlyAsks()) {
            return attempt.end(standing, RecipientEnd.sent("forward via file: " + path));
        }
        DuplicateFilter duplicates = attempt.duplicates();
        if (duplicates.isAgain("forward " + path)) {
            // A user who forwards to himself means his mailbox; one who was forwarded to before has all of it.
            return duplicates.hasDone("forward-done " + path) ? Progress.DONE : Progress.DECLINED;
        }
        standing.expandedFrom = standing.local;
        String text = read(found, ids);
        if (text == null) {
            return Progress.DECLINED;
        }
        Standing inside = standing.inside();
        boolean wantsSuccess = inside.wantsSuccess();
        inside.forgetSuccess();
        TokenStep tokens = new TokenStep(attempt);
        Progress progress = tokens.deliverAll(inside, new BufferedReader(new StringReader(text)));
        if (tokens.count() == 0) {
            return Progress.DECLINED;
        }
        duplicates.isAgain("forward-done " + path);
        if (progress != Progress.DEFERRED && wantsSuccess) {
            attempt.onExpanded();
        }
        return progress;
    }

    /** Null: it is not to be trusted, or cannot be read, which has been said. */
    private @Nullable String read(Found found, UserIds ids) {
        FileFacts facts = found.facts();
        Path path = found.path();
        if (!facts.isRegular()) {
            attempt.warn("file " + path + " is not a regular file");
        } else if (facts.uid() != 0 && facts.uid() != ids.uid()) {
            attempt.warn("file " + path + " has bad owner uid " + facts.uid());
        } else if (facts.isWritableByOthers()) {
            attempt.warn("file " + path + " is world writable");
        } else {
            try {
                return identity.call(ids, new TextWork(path));
            } catch (IOException e) {
                attempt.warn("cannot open file " + path + ": " + SystemReason.text(e));
            }
        }
        return null;
    }
}
