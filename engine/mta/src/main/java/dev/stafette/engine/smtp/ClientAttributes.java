// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.dsn.XText;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one XCLIENT or XFORWARD command, in Postfix's syntax and with its texts.
 * Thread: event loop.
 */
final class ClientAttributes {
    /** What is not known for good. */
    static final String UNAVAILABLE = "[UNAVAILABLE]";
    /** What is not known now. */
    static final String TEMPORARILY_UNAVAILABLE = "[TEMPUNAVAIL]";

    private static final EnhancedStatus SYNTAX = EnhancedStatus.of(5, 5, 4);
    private static final SmtpReply NO_PAIR = SmtpReply.of(501, SYNTAX, "Error: attribute=value expected");
    private static final SmtpReply TOO_LONG = SmtpReply.of(501, SYNTAX, "Error: attribute value too long");
    private static final int VALUE_LENGTH_MAX = 255;

    private final String command;
    private final Set<ClientAttribute> known;
    private final Map<ClientAttribute, String> values = new EnumMap<>(ClientAttribute.class);

    /** @param known what the command may name */
    ClientAttributes(String command, Set<ClientAttribute> known) {
        this.command = command;
        this.known = known;
    }

    /** Returns what is wrong with the first that is wrong; null when all are right. */
    @Nullable
    SmtpReply read(String argument) {
        for (String word : argument.trim().split("[ \t]+")) {
            SmtpReply wrong = readOne(word);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private @Nullable SmtpReply readOne(String word) {
        int equals = word.indexOf('=');
        if (equals < 0 || equals + 1 == word.length()) {
            return NO_PAIR;
        }
        if (word.length() - equals - 1 > VALUE_LENGTH_MAX) {
            return TOO_LONG;
        }
        String name = word.substring(0, equals);
        ClientAttribute attribute = attribute(name);
        if (attribute == null) {
            return SmtpReply.of(501, SYNTAX, "Bad " + command + " attribute name: " + name);
        }
        String text = printable(XText.decode(word.substring(equals + 1)));
        String value = isNothing(attribute, text) ? text.toUpperCase(Locale.ROOT) : attribute.read(text);
        if (value == null) {
            return badSyntax(attribute, text);
        }
        values.put(attribute, value);
        return null;
    }

    static SmtpReply badSyntax(ClientAttribute attribute, String text) {
        return SmtpReply.of(501, SYNTAX, "Bad " + attribute + " syntax: " + text);
    }

    private @Nullable ClientAttribute attribute(String name) {
        for (ClientAttribute attribute : known) {
            if (attribute.name().equalsIgnoreCase(name)) {
                return attribute;
            }
        }
        return null;
    }

    /** Whether a name may come later matters to those alone who judge a client by it: XCLIENT. */
    private boolean isNothing(ClientAttribute attribute, String text) {
        return text.equalsIgnoreCase(UNAVAILABLE)
                || text.equalsIgnoreCase(TEMPORARILY_UNAVAILABLE)
                        && known.contains(ClientAttribute.REVERSE_NAME)
                        && (attribute == ClientAttribute.NAME || attribute == ClientAttribute.REVERSE_NAME);
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            if (out.charAt(i) < ' ' || out.charAt(i) > '~') {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }

    /** Whether the command names it, be it as not available. */
    boolean has(ClientAttribute attribute) {
        return values.containsKey(attribute);
    }

    /** Null when it is not named, or named as not available. */
    @Nullable
    String value(ClientAttribute attribute) {
        String value = values.get(attribute);
        return value == null || value.equals(UNAVAILABLE) || value.equals(TEMPORARILY_UNAVAILABLE) ? null : value;
    }

    /** Whether the command says anything of the client, be it as not available. */
    boolean tellsClient() {
        return has(ClientAttribute.NAME)
                || has(ClientAttribute.ADDR)
                || has(ClientAttribute.PORT)
                || has(ClientAttribute.PROTO)
                || has(ClientAttribute.HELO);
    }

    /** It is named as not available now. */
    boolean isTemporarilyUnavailable(ClientAttribute attribute) {
        return TEMPORARILY_UNAVAILABLE.equals(values.get(attribute));
    }
}
