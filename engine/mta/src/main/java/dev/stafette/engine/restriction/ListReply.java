// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.engine.table.Table;
import dev.stafette.engine.table.TableAnswer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said to whom a DNS list has: {@code default_rbl_reply}, or what {@code rbl_reply_maps} has for the list.
 * Thread: any (it does not change).
 *
 * @param code {@code maps_rbl_reject_code}
 */
record ListReply(String template, List<Table> templates, int code, SessionNames sessionNames) {
    private static final String TEMPLATE = "default_rbl_reply";
    private static final EnhancedStatus DENIED = EnhancedStatus.of(4, 7, 1);
    private static final String UNAVAILABLE = "Service unavailable";
    private static final int CODE_DIGITS = 3;

    static ListReply of(RestrictionParts parts) {
        Settings settings = parts.settings();
        String template = settings.text(TEMPLATE);
        List<String> mistakes = new ArrayList<>();
        Expansion.scan(template, name -> {}, mistakes);
        if (!mistakes.isEmpty()) {
            throw settings.bad(TEMPLATE, mistakes.get(0));
        }
        return new ListReply(
                template,
                settings.tables("rbl_reply_maps", parts.tables()),
                settings.count("maps_rbl_reject_code"),
                SessionNames.of(settings));
    }

    /** {@code what}: that the list has. */
    Verdict refusal(DnsList list, NameAnswer entry, String what, Subject of, Facts facts, Inquiry inquiry) {
        TableAnswer own = find(list, inquiry);
        if (own.isUnavailable()) {
            return Verdict.serverError("rbl_reply_maps lookup error for \"" + list.text() + "\"");
        }
        String reason = entry.records().get(entry.records().size() - 1);
        Expansion.Names names = new Expansion.Names() {
            @Override
            public @Nullable String valueOf(String name) {
                return sessionNames.printable(
                        switch (name) {
                            case "rbl_code" -> Integer.toString(code);
                            case "rbl_domain" -> list.domain();
                            case "rbl_reason", "rbl_txt" -> reason;
                            case "rbl_what" -> what;
                            case "rbl_class" -> of.text();
                            default -> sessionNames.valueOf(name, facts);
                        });
            }
        };
        String complaint = null;
        if (own.isFound()) {
            try {
                return verdict(Expansion.expand(own.value(), names), of);
            } catch (ConfigException e) {
                complaint = "bad rbl reply template for domain " + list.text() + ": " + own.value();
            }
        }
        Verdict verdict = verdict(Expansion.expand(template, names), of);
        return complaint == null ? verdict : verdict.withComplaint(complaint);
    }

    /** By the list with its pattern, and then without it. */
    private TableAnswer find(DnsList list, Inquiry inquiry) {
        TableAnswer found = find(list.text(), inquiry);
        return found.isFound() || found.isUnavailable() || !list.isFiltered() ? found : find(list.domain(), inquiry);
    }

    private TableAnswer find(String key, Inquiry inquiry) {
        for (int i = 0; i < templates.size(); i++) {
            TableAnswer found = templates.get(i).lookup(key, inquiry);
            if (found.isFound() || found.isUnavailable()) {
                return found;
            }
        }
        return TableAnswer.notFound();
    }

    private static Verdict verdict(String text, Subject of) {
        if (!text.matches("(?s)[45][0-9][0-9] .*")) {
            return Verdict.reject(SmtpReply.of(450, DENIED, UNAVAILABLE))
                    .withComplaint("rbl response code configuration error: " + text);
        }
        int said = Integer.parseInt(text.substring(0, CODE_DIGITS));
        String rest = text.substring(CODE_DIGITS + 1);
        EnhancedStatus status = EnhancedStatus.parsePrefix(rest);
        String why = status == null
                ? rest
                : rest.substring(status.toString().length()).strip();
        return Verdict.reject(SmtpReply.of(
                said,
                of.fit(status == null ? DENIED : status).withClass(said / 100),
                why.isEmpty() ? UNAVAILABLE : why));
    }
}
