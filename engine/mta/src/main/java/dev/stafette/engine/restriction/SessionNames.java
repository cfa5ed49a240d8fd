// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import org.jspecify.annotations.Nullable;

/**
 * What {@code $client_address} and the like stand for in replies.
 * Thread: any (a value).
 *
 * @param filter {@code smtpd_expansion_filter}: the characters that may stand in what the client has said
 */
record SessionNames(String hostName, String filter) {
    static SessionNames of(Settings settings) {
        return new SessionNames(
                settings.text("myhostname"), Expansion.unescaped(settings.text("smtpd_expansion_filter")));
    }

    /** Ready for an expansion, and with a line in place of each character that may not stand there. */
    @Nullable
    String printable(@Nullable String value) {
        if (value == null) {
            return null;
        }
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.append(filter.indexOf(c) >= 0 ? c : '_');
            if (c == '$') {
                // What a client says is not expanded.
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Null: there is no such name. */
    @Nullable
    String valueOf(String name, Facts facts) {
        return switch (name) {
            case "server_name" -> hostName;
            case "client" -> facts.client().text();
            case "client_address" -> IpText.format(facts.client().address());
            case "client_name" -> facts.client().name();
            case "reverse_client_name" -> facts.client().reverseName();
            case "helo_name" -> facts.helo();
            case "sender" -> orNull(facts.name(Subject.SENDER), facts.sender() != null);
            case "sender_name" -> orNull(localPart(facts.name(Subject.SENDER)), facts.sender() != null);
            case "sender_domain" -> domain(facts.name(Subject.SENDER));
            case "recipient" -> facts.name(Subject.RECIPIENT);
            case "recipient_name" -> localPart(facts.name(Subject.RECIPIENT));
            case "recipient_domain" -> domain(facts.name(Subject.RECIPIENT));
            default -> null;
        };
    }

    private static String orNull(String text, boolean isThere) {
        return text.isEmpty() && isThere ? "<>" : text;
    }

    private static String localPart(String address) {
        int at = address.lastIndexOf('@');
        return at < 0 ? address : address.substring(0, at);
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1, address.lastIndexOf('@') < 0 ? 0 : address.length());
    }
}
