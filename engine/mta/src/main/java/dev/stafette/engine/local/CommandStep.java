// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.OriginLogin;
import dev.stafette.delivery.DeliveryOutcome.Kind;
import dev.stafette.delivery.command.CommandLine;
import dev.stafette.delivery.command.CommandOrder;
import dev.stafette.delivery.command.CommandResult;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.delivery.identity.UserIds;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives the message to a program that an alias, a user or main.cf names.
 * Thread: the delivery worker's, which waits for the program.
 */
final class CommandStep {
    private final LocalAttempt attempt;
    private final CommandSection section;

    CommandStep(LocalAttempt attempt) {
        this.attempt = attempt;
        this.section = attempt.settings().programs().section();
    }

    Progress deliver(Standing given, String command) throws IOException {
        Standing standing = given.deeper();
        UserAccount rights = standing.rights;
        int uid = rights == null ? 0 : rights.ids().uid();
        if (attempt.duplicates().isAgain("command " + standing.user + ':' + uid + ' ' + command)) {
            return Progress.DONE;
        }
        if (attempt.onlyAsks()) {
            return attempt.end(standing, RecipientEnd.sent("delivers to command: " + command));
        }
        UserIds ids = attempt.transport().idsFor(rights);
        LocalExpansion directory = LocalExpansion.of(
                section.directory(), standing, attempt.settings().delimiters(), section.directoryFilter());
        String text = directory.text();
        if (ids == null || text == null) {
            if (text == null) {
                attempt.warn("bad parameter value syntax for command_execution_directory: " + section.directory());
            }
            return attempt.end(standing, RecipientEnd.misconfigured());
        }
        return attempt.end(standing, run(standing, command, ids, text.isEmpty() ? section.queueDirectory() : text));
    }

    private RecipientEnd run(Standing standing, String command, UserIds ids, String directory) {
        CopyRules rules = new CopyRules(
                true, true, true, attempt.settings().prepends().contains("command"), false, false, false, "\n");
        CommandOrder order = new CommandOrder(
                "local",
                CommandLine.ofText(command, section.shell()),
                ids,
                section.environment().with(variables(standing)),
                directory,
                section.timeLimit(),
                rules,
                MailboxCopies.addresses(attempt, standing));
        attempt.turn().settle();
        RunningDeliveries running = attempt.transport().running();
        CommandResult result;
        running.enterProgram();
        try {
            result = attempt.transport()
                    .parts()
                    .commands()
                    .run(order, attempt.request().body(), System.currentTimeMillis());
        } finally {
            running.leaveProgram();
        }
        return result.kind() == Kind.DELIVERED
                ? RecipientEnd.sent("delivered to command: " + command)
                : new RecipientEnd(result.status(), result.text());
    }

    private Map<String, String> variables(Standing standing) {
        Map<String, String> all = new HashMap<>();
        UserAccount rights = standing.rights;
        put(all, "HOME", rights == null ? null : rights.home());
        put(all, "SHELL", rights == null ? null : rights.shell());
        put(all, "LOGNAME", standing.user);
        put(all, "USER", standing.user);
        put(all, "SENDER", plain(standing.sender.localPart(), standing.sender.domain()));
        put(all, "RECIPIENT", plain(standing.address.localPart(), standing.address.domain()));
        put(all, "LOCAL", standing.local);
        put(all, "DOMAIN", standing.domain);
        put(all, "EXTENSION", standing.extension);
        put(all, "ORIGINAL_RECIPIENT", standing.given.isEmpty() ? null : standing.given);
        MessageOrigin kept = attempt.request().envelope().origin();
        if (kept != null) {
            MessageOrigin origin = kept.forPrograms();
            put(all, "CLIENT_HOSTNAME", origin.name());
            put(all, "CLIENT_ADDRESS", origin.address());
            put(all, "CLIENT_HELO", origin.helo());
            put(all, "CLIENT_PROTOCOL", origin.protocol());
            putLogin(all, origin.login());
        }
        return all;
    }

    private void putLogin(Map<String, String> all, @Nullable OriginLogin login) {
        if (login != null) {
            put(all, "SASL_METHOD", notEmpty(login.method()));
            put(all, "SASL_USERNAME", notEmpty(login.user()));
            put(all, "SASL_SENDER", notEmpty(login.sender()));
        }
    }

    private static @Nullable String notEmpty(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String plain(String localPart, String domain) {
        return domain.isEmpty() ? localPart : localPart + '@' + domain;
    }

    private void put(Map<String, String> all, String name, @Nullable String value) {
        if (value != null) {
            all.put(name, LocalExpansion.filtered(value, section.filter()));
        }
    }
}
