// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.table.Inquiry;
import java.util.List;
import java.util.Set;

/**
 * Which permissions the log tells of: smtpd_log_access_permit_actions.
 * Thread: any (it does not change).
 */
final class PermitLog {
    private static final Set<String> OF_CLIENTS = Set.of(
            "permit_mynetworks",
            "permit_inet_interfaces",
            "permit_sasl_authenticated",
            "permit_tls_clientcerts",
            "permit_tls_all_clientcerts");

    private final NameList actions;
    private final boolean isNone;

    private PermitLog(NameList actions, boolean isNone) {
        this.actions = actions;
        this.isNone = isNone;
    }

    static PermitLog of(Settings settings, ListTables tables) {
        List<String> words = settings.words("smtpd_log_access_permit_actions");
        return new PermitLog(NameList.read(words, settings.host()::read, tables), words.isEmpty());
    }

    /** The check, whose permissions are told by its name where that is wanted. Nothing that has to be waited for is asked. */
    Restriction around(String name, Restriction check) {
        if (isNone || !name.startsWith("permit")) {
            return check;
        }
        return (facts, subject, inquiry) -> {
            Verdict verdict = check.check(facts, subject, inquiry);
            return verdict == Verdict.OK ? permit(name, about(name, subject), "", facts) : verdict;
        };
    }

    /** What permits a client says so of the client, in whatever list. */
    private static Subject about(String name, Subject subject) {
        return OF_CLIENTS.contains(name) ? Subject.CLIENT : subject;
    }

    /** {@code action}: the word of a table, or server, {@code source}; that is empty where a restriction has permitted. */
    Verdict permit(String action, Subject subject, String source, Facts facts) {
        if (isNone || !actions.find(action, Inquiry.AT_ONCE).isFound()) {
            return Verdict.OK;
        }
        return Verdict.permit("action=" + action + " for " + subject.text() + "=" + facts.name(subject) + " "
                + (source.isEmpty() ? "" : "from " + source));
    }
}
