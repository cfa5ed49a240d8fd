// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.UserIds;
import dev.stafette.delivery.mailbox.FileFacts;
import dev.stafette.delivery.mailbox.MailboxResult;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Delivers to a user's mailbox, by another service, a program, or into his home or the spool.
 * Thread: the delivery worker's.
 */
final class MailboxStep {
    private static final String LOOKUP_FAILURE = "table lookup failure";

    private final LocalAttempt attempt;
    private final LocalSettings settings;

    MailboxStep(LocalAttempt attempt) {
        this.attempt = attempt;
        this.settings = attempt.settings();
    }

    Progress deliver(Standing given) throws IOException {
        Standing standing = given.deeper();
        if (attempt.duplicates().isAgain("mailbox " + standing.local)) {
            return Progress.DONE;
        }
        TableAnswer other = find(settings.ways().mailboxMaps(), standing.user);
        if (other.isFound()) {
            return new PassStep(attempt).deliver(standing, other.value());
        }
        if (other.isUnavailable()) {
            return attempt.end(standing, RecipientEnd.deferred(LOOKUP_FAILURE));
        }
        if (!settings.ways().mailbox().isEmpty()) {
            return new PassStep(attempt).deliver(standing, settings.ways().mailbox());
        }
        UserAccount account;
        try {
            account = attempt.transport().accounts().find(standing.user);
        } catch (IOException e) {
            return attempt.end(standing, new RecipientStep(attempt).lookupError(standing, e));
        }
        if (account == null) {
            return Progress.DECLINED;
        }
        standing.rights = account;
        return deliver(standing, account);
    }

    /** The first answer that is not no. */
    static TableAnswer find(List<Table> tables, String key) {
        for (Table table : tables) {
            TableAnswer answer = table.lookup(key, Inquiry.BLOCKING);
            if (answer.finding() != Finding.NOT_FOUND) {
                return answer;
            }
        }
        return TableAnswer.notFound();
    }

    private Progress deliver(Standing standing, UserAccount account) throws IOException {
        TableAnswer command = find(settings.programs().commandMaps(), standing.user);
        if (command.isFound()) {
            return new CommandStep(attempt).deliver(standing, command.value());
        }
        if (command.isUnavailable()) {
            return attempt.end(standing, RecipientEnd.deferred(LOOKUP_FAILURE));
        }
        if (!settings.programs().command().isEmpty()) {
            return new CommandStep(attempt)
                    .deliver(standing, settings.programs().command());
        }
        String inHome = settings.homes().mailbox();
        String spool = settings.homes().spool();
        MailboxCopies copies = new MailboxCopies(attempt);
        if (inHome.endsWith("/")) {
            return copies.toDirectory(standing, account.home() + '/' + inHome, account.ids());
        }
        if (!inHome.isEmpty()) {
            return toFile(standing, Path.of(account.home() + '/' + inHome), account, account.ids());
        }
        if (spool.endsWith("/")) {
            return copies.toDirectory(standing, spool + standing.user + '/', account.ids());
        }
        return toFile(standing, Path.of(spool + '/' + standing.user), account, inSpool(Path.of(spool), account));
    }

    /** As whom a file in the spool is made: with as few rights as its directory asks for. */
    private static UserIds inSpool(Path spool, UserAccount account) {
        FileFacts facts;
        try {
            facts = FileFacts.of(spool);
        } catch (IOException e) {
            return account.ids();
        }
        if (facts.isWritableByOthers()) {
            return account.ids();
        }
        return facts.isWritableByGroup()
                ? new UserIds(account.name(), account.ids().uid(), facts.gid())
                : new UserIds("root", 0, 0);
    }

    private Progress toFile(Standing standing, Path file, UserAccount account, UserIds ids) throws IOException {
        if (attempt.onlyAsks()) {
            return attempt.end(standing, RecipientEnd.sent("delivers to mailbox"));
        }
        String refusal = attempt.transport().identity().refusal(ids);
        if (refusal != null) {
            return attempt.end(standing, RecipientEnd.deferred(refusal));
        }
        MailboxCopies copies = new MailboxCopies(attempt);
        copies.thaw(standing);
        return attempt.put(
                standing,
                ids,
                copies.append(standing, file, account.ids().uid(), true),
                result -> endOf(result, "cannot update mailbox " + file + " for user " + standing.user + ". "));
    }

    private static RecipientEnd endOf(MailboxResult result, String failure) {
        return result.isDelivered()
                ? RecipientEnd.sent("delivered to mailbox")
                : new RecipientEnd(result.status(), result.because(failure).reason());
    }
}
