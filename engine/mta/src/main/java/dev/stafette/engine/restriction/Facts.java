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
 * @param sender null before MAIL
 * @param recipient null at other commands than RCPT and VRFY
 * @param etrnDomain what ETRN asks for; empty at other commands
 */
public record Facts(
        ClientFacts client,
        String helo,
        @Nullable MailAddress sender,
        @Nullable RecipientFacts recipient,
        String etrnDomain) {

    /** {@code <what is refused>: Class rejected: why}. */
    SmtpReply refusal(RestrictionStage stage, int code, EnhancedStatus status, String why) {
        return SmtpReply.of(code, status, "<" + name(stage) + ">: " + stage.subject() + " rejected: " + why);
    }

    private String name(RestrictionStage stage) {
        return switch (stage) {
            case CLIENT -> client.text();
            case HELO -> helo;
            case SENDER -> sender == null ? "" : sender.external();
            case RELAY, RECIPIENT ->
                recipient == null ? "" : recipient.recipient().external();
            case DATA -> "DATA";
            case END_OF_DATA -> "END-OF-MESSAGE";
            case ETRN -> etrnDomain;
        };
    }
}
