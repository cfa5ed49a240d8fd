// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.smtp.SmtpCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * The address and the parameters of MAIL and RCPT as words, for those who want to see them.
 * Thread: any (stateless).
 */
final class CommandArguments {
    static final String REQUIRE_TLS = "REQUIRETLS";

    private CommandArguments() {}

    static List<String> of(SmtpCommand.Mail mail) {
        List<String> words = new ArrayList<>();
        words.add(path(mail.sender()));
        if (mail.sizeBytes() != SmtpCommand.Mail.NO_SIZE) {
            words.add("SIZE=" + mail.sizeBytes());
        }
        if (mail.eightBit()) {
            words.add("BODY=8BITMIME");
        }
        if (mail.smtpUtf8()) {
            words.add("SMTPUTF8");
        }
        if (mail.dsnReturn() != DsnReturn.UNSPECIFIED) {
            words.add("RET=" + mail.dsnReturn());
        }
        if (mail.envelopeId() != null) {
            words.add("ENVID=" + mail.envelopeId());
        }
        if (mail.auth() != null) {
            words.add("AUTH=" + mail.auth());
        }
        if (mail.requiresTls()) {
            words.add(REQUIRE_TLS);
        }
        return words;
    }

    static List<String> of(EnvelopeRecipient recipient) {
        List<String> words = new ArrayList<>();
        words.add(path(recipient.address()));
        if (recipient.notifyBits() != DsnNotify.UNSPECIFIED) {
            words.add("NOTIFY=" + notify(recipient.notifyBits()));
        }
        if (recipient.originalRecipient() != null) {
            words.add("ORCPT=" + recipient.originalRecipient());
        }
        return words;
    }

    private static String notify(int bits) {
        if ((bits & DsnNotify.NEVER) != 0) {
            return "NEVER";
        }
        List<String> words = new ArrayList<>();
        if (DsnNotify.wantsSuccess(bits)) {
            words.add("SUCCESS");
        }
        if (DsnNotify.wantsFailure(bits)) {
            words.add("FAILURE");
        }
        if (DsnNotify.wantsDelay(bits)) {
            words.add("DELAY");
        }
        return String.join(",", words);
    }

    private static String path(MailAddress address) {
        return '<' + (address.isNull() ? "" : address.external()) + '>';
    }
}
