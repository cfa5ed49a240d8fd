// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a decision may rest on: what the client has said so far.
 * Thread: any (a value).
 *
 * @param helo the name in HELO or EHLO; empty before
 * @param givenSender as the client gave it; null before MAIL
 * @param sender in its complete form; null before MAIL
 * @param recipient null at other commands than RCPT and VRFY, but for the only one of a message
 * @param etrnDomain what ETRN asks for; empty at other commands
 */
public record Facts(
        ClientFacts client,
        String helo,
        @Nullable MailAddress givenSender,
        @Nullable MailAddress sender,
        @Nullable RecipientFacts recipient,
        String etrnDomain,
        MessageFacts message,
        ConnectionFacts connection) {
    /** Of a sender who gave a complete address. */
    public Facts(
            ClientFacts client,
            String helo,
            @Nullable MailAddress sender,
            @Nullable RecipientFacts recipient,
            String etrnDomain) {
        this(client, helo, sender, sender, recipient, etrnDomain, MessageFacts.NONE, ConnectionFacts.NONE);
    }

    /** {@code <what is refused>: Class rejected: why}. */
    SmtpReply refusal(Subject subject, int code, EnhancedStatus status, String why) {
        return SmtpReply.of(code, status, about(subject) + " rejected: " + why);
    }

    /** {@code <which>: What}. */
    String about(Subject subject) {
        return "<" + name(subject) + ">: " + subject.text();
    }

    String name(Subject subject) {
        return switch (subject) {
            case CLIENT, CERTIFICATE -> client.text();
            case REVERSE_CLIENT -> client.reverseName();
            case HELO -> helo;
            case SENDER -> plain(givenSender);
            case RECIPIENT -> recipient == null ? "" : plain(recipient.recipient());
            case LOGIN -> connection.login().user();
            case DATA -> "DATA";
            case END_OF_DATA -> "END-OF-MESSAGE";
            case ETRN -> etrnDomain;
        };
    }

    /** Without quotes, as Postfix has it in replies. */
    static String plain(@Nullable MailAddress address) {
        if (address == null) {
            return "";
        }
        String external = address.external();
        if (external.isEmpty() || external.charAt(0) != '"') {
            return external;
        }
        return address.domain().isEmpty() ? address.localPart() : address.localPart() + '@' + address.domain();
    }
}
