// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.delivery.identity.FileWork;
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
 * Delivers to what {@code :include:/file} lists: each address of it gets a message of its own.
 * Thread: the delivery worker's.
 */
final class IncludeStep {
    private final LocalAttempt attempt;

    IncludeStep(LocalAttempt attempt) {
        this.attempt = attempt;
    }

    Progress deliver(Standing given, String path) throws IOException {
        Standing standing = given.deeper();
        if (standing.level > RecipientStep.LEVEL_MAX) {
            attempt.warn(":include: nesting limit exceeded for " + path);
            return attempt.end(standing, RecipientEnd.loop(":include: nesting limit exceeded"));
        }
        UserAccount rights = standing.rights;
        if (attempt.duplicates()
                .isAgain("include " + (rights == null ? 0 : rights.ids().uid()) + ' ' + path)) {
            return Progress.DONE;
        }
        standing.expandedFrom = standing.local;
        if (!path.startsWith("/")) {
            return refused(standing, ":include:" + path + " uses a relative path");
        }
        FileFacts facts;
        try {
            facts = read(rights, new FactsWork(Path.of(path), true));
        } catch (IOException e) {
            return refused(standing, "unable to lookup :include: file " + path + ": " + SystemReason.text(e));
        }
        if (!facts.isRegular()) {
            return refused(standing, ":include: file " + path + " is not a regular file");
        }
        if (facts.isWritableByOthers()) {
            return refused(standing, ":include: file " + path + " is world writable");
        }
        standing.source = Standing.Source.INCLUDE_FILE;
        if (rights == null && facts.uid() != 0) {
            // In an alias of root's it has the rights of whoever wrote it, who must not get those of default_privs.
            standing.rights = attempt.transport().accounts().find(facts.uid());
            if (standing.rights == null) {
                attempt.warn("cannot find username for uid " + facts.uid());
                attempt.warn(path + ": cannot find :include: file owner username");
                return attempt.end(standing, RecipientEnd.misconfigured());
            }
        }
        if (standing.owner == null) {
            standing.owner = standing.address.external();
        }
        return expand(standing, path);
    }

    private Progress refused(Standing standing, String why) {
        attempt.warn(why);
        return attempt.end(standing, RecipientEnd.misconfiguredForGood());
    }

    private <T> T read(@Nullable UserAccount rights, FileWork<T> work) throws IOException {
        if (rights == null) {
            return work.call();
        }
        UserIds ids = rights.ids();
        String refusal = attempt.transport().identity().refusal(ids);
        if (refusal != null) {
            throw new IOException(refusal);
        }
        return attempt.transport().identity().call(ids, work);
    }

    private Progress expand(Standing standing, String path) throws IOException {
        String text;
        try {
            text = read(standing.rights, new TextWork(Path.of(path)));
        } catch (IOException e) {
            return refused(standing, "cannot open include file " + path + ": " + SystemReason.text(e));
        }
        if (!attempt.settings().propagates().contains("include")) {
            standing.unmatched = null;
        }
        return new TokenStep(attempt).deliverAll(standing, new BufferedReader(new StringReader(text)));
    }
}
