// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.TableAnswer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers to what an alias stands for, with the rights of whoever wrote it, and on behalf of its owner if it has one.
 * Thread: the delivery worker's.
 */
final class AliasStep {
    private static final String UNAVAILABLE = "alias database unavailable";

    private final LocalAttempt attempt;
    private final AliasTables aliases;

    AliasStep(LocalAttempt attempt) {
        this.attempt = attempt;
        this.aliases = attempt.settings().aliases();
    }

    /** {@code name}: the local part, or the user in it. */
    Progress deliver(Standing given, String name) throws IOException {
        Standing standing = given.deeper();
        if (name.equalsIgnoreCase(standing.expandedFrom)) {
            // An alias with its own name in it means the user.
            return Progress.DECLINED;
        }
        if (standing.level > RecipientStep.LEVEL_MAX) {
            attempt.warn("alias database loop for " + name);
            return attempt.end(standing, RecipientEnd.loop("alias database loop for " + name));
        }
        for (AliasTables.One table : aliases.all()) {
            TableAnswer answer = table.table().lookup(name, Inquiry.BLOCKING);
            if (answer.isFound()) {
                standing.expandedFrom = name;
                return expand(standing, table, name, answer.value());
            }
            if (answer.finding() != Finding.NOT_FOUND) {
                attempt.warn(table.spec() + ": lookup of '" + name + "' failed");
                return attempt.end(standing, RecipientEnd.deferred(UNAVAILABLE));
            }
        }
        return Progress.DECLINED;
    }

    private Progress expand(Standing standing, AliasTables.One table, String name, String value) throws IOException {
        if (attempt.onlyAsks()) {
            return attempt.end(standing, RecipientEnd.sent("aliased to " + value));
        }
        standing.source = Standing.Source.ALIAS;
        RecipientEnd noRights = takeRights(standing, table);
        if (noRights != null) {
            return attempt.end(standing, noRights);
        }
        TableAnswer owner = aliases.ownerOf(name);
        if (owner.isUnavailable()) {
            return attempt.end(standing, RecipientEnd.deferred(UNAVAILABLE));
        }
        Standing inside = standing.inside();
        if (!attempt.settings().freezesDelivered()) {
            inside.delivered = inside.address;
        }
        if (owner.isFound()) {
            takeOwner(inside, owner.value());
        } else if (aliases.resetsOwner()) {
            inside.owner = null;
        }
        boolean wantsSuccess = inside.wantsSuccess();
        inside.forgetSuccess();
        TokenStep tokens = new TokenStep(attempt);
        Progress progress = tokens.deliverAll(inside, value);
        if (tokens.count() == 0) {
            attempt.warn("no recipient in alias lookup result for " + name);
            return attempt.end(standing, RecipientEnd.deferred(UNAVAILABLE));
        }
        if (wantsSuccess) {
            attempt.onExpanded();
        }
        return progress;
    }

    /** Null: they are taken. */
    private @Nullable RecipientEnd takeRights(Standing standing, AliasTables.One table) {
        standing.rights = null;
        try {
            int uid = table.ownerId();
            if (uid == 0) {
                return null;
            }
            standing.rights = attempt.transport().accounts().find(uid);
            if (standing.rights != null) {
                return null;
            }
            attempt.warn("cannot find alias database owner for " + table.spec());
        } catch (IOException e) {
            attempt.warn("cannot find alias database owner for " + table.spec() + ": " + e.getMessage());
        }
        return RecipientEnd.deferred("cannot find alias database owner");
    }

    private void takeOwner(Standing inside, String text) {
        MailAddress owner = attempt.transport().parts().rewriter().get().complete(AddressList.split(firstOf(text)));
        inside.sender = owner;
        inside.owner = owner.external();
        inside.isList = true;
        inside.originalRecipient = null;
        inside.given = "";
    }

    private static String firstOf(String text) {
        return ForwardWords.parse(text).stream().findFirst().orElse(text);
    }
}
