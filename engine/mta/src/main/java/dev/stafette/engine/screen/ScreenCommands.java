// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.screen;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.smtp.HiddenKeywords;
import dev.stafette.engine.tls.ServerTls;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server that takes no mail answers: every recipient is refused, whoever it is.
 * Thread: event loop.
 */
final class ScreenCommands {
    private final ScreenedConnection connection;
    private final ScreenReplies replies;
    private final ScreenSettings.Protocol protocol;

    // Owned by the loop.
    private @Nullable String helo;
    private @Nullable String sender;
    private boolean isExtended;

    ScreenCommands(ScreenedConnection connection) {
        this.connection = connection;
        this.replies = connection.settings().replies();
        this.protocol = connection.settings().protocol();
    }

    /** Returns the last reply, if that is the end of it. */
    @Nullable
    SmtpReply run(ScreenVerb verb, ScreenLine line) {
        if (connection.settings().tls().isRequired() && !connection.isSecure() && !verb.isFineBeforeTls()) {
            connection.say(ScreenReplies.NEED_TLS);
            return null;
        }
        switch (verb) {
            case QUIT -> {
                return ScreenReplies.BYE;
            }
            case DATA -> {
                return data(line);
            }
            case BDAT -> {
                return bdat(line);
            }
            default -> connection.say(answer(verb, line));
        }
        return null;
    }

    private SmtpReply answer(ScreenVerb verb, ScreenLine line) {
        return switch (verb) {
            case HELO -> hello(line, false);
            case EHLO -> hello(line, true);
            case MAIL -> mail(line);
            case RCPT -> rcpt(line);
            case VRFY -> vrfy(line);
            case ETRN -> etrn(line);
            case STARTTLS -> startTls(line);
            case NOOP -> ScreenReplies.OK;
            case RSET -> {
                sender = null;
                yield ScreenReplies.OK;
            }
            default -> ScreenReplies.UNKNOWN;
        };
    }

    private SmtpReply hello(ScreenLine line, boolean isEhlo) {
        String name = line.argument();
        if (name == null) {
            return isEhlo ? ScreenReplies.EHLO_SYNTAX : ScreenReplies.HELO_SYNTAX;
        }
        helo = name;
        sender = null;
        isExtended |= isEhlo;
        return isEhlo ? ehlo() : replies.helo;
    }

    private SmtpReply ehlo() {
        Set<String> hidden = connection.hiddenKeywords();
        if (!hidden.equals(connection.settings().hiddenKeywords().ofAll())) {
            String text = HiddenKeywords.text(hidden);
            if (!text.isEmpty()) {
                connection.log().discardedKeywords(connection.client(), text);
            }
        }
        boolean offersTls = connection.settings().tls().isOffered() && !connection.isSecure();
        return replies.ehlo(offersTls, hidden);
    }

    private SmtpReply startTls(ScreenLine line) {
        if (line.argument() != null) {
            // The words are those of postscreen 3.7.
            return ScreenReplies.EHLO_SYNTAX;
        }
        if (connection.isSecure()) {
            return ScreenReplies.TLS_ACTIVE;
        }
        ServerTls tls = connection.settings().tls();
        if (!tls.isOffered() || connection.hiddenKeywords().contains("STARTTLS")) {
            return ScreenReplies.NOT_BUILT;
        }
        if (tls.context() == null) {
            connection.log().tlsUnavailable();
            return ScreenReplies.TLS_UNAVAILABLE;
        }
        connection.setHandshaking(true);
        return ScreenReplies.START_TLS;
    }

    /** TLS has begun: what was said before counts for nothing (RFC 3207 §4.2). */
    void forget() {
        helo = null;
        sender = null;
    }

    private SmtpReply mail(ScreenLine line) {
        if (protocol.needsHello() && helo == null) {
            return ScreenReplies.HELLO_FIRST;
        }
        if (sender != null) {
            return ScreenReplies.NESTED_MAIL;
        }
        String address = line.address();
        if (address == null) {
            return ScreenReplies.MAIL_SYNTAX;
        }
        sender = address;
        return ScreenReplies.SENDER_OK;
    }

    private SmtpReply rcpt(ScreenLine line) {
        String from = sender;
        if (from == null) {
            return ScreenReplies.MAIL_FIRST;
        }
        String address = line.address();
        if (address == null) {
            return ScreenReplies.RCPT_SYNTAX;
        }
        SmtpReply reply = connection.recipientReply();
        connection
                .log()
                .rejected(
                        connection.client(),
                        reply,
                        external(from),
                        external(address),
                        isExtended ? "ESMTP" : "SMTP",
                        helo);
        return reply;
    }

    /** Quoted where it has to be. */
    private static String external(String address) {
        int at = address.lastIndexOf('@');
        return at < 0
                ? address
                : MailAddress.of(address.substring(0, at), address.substring(at + 1))
                        .external();
    }

    /** A client that sends content though every recipient was refused is not worth more. */
    private SmtpReply data(ScreenLine line) {
        connection.log().contentRefused(connection.client(), "DATA");
        if (line.argument() != null) {
            return ScreenReplies.DATA_SYNTAX;
        }
        return sender == null ? ScreenReplies.RCPT_FIRST : ScreenReplies.NO_RECIPIENTS;
    }

    private SmtpReply bdat(ScreenLine line) {
        connection.log().contentRefused(connection.client(), "BDAT");
        if (connection.hiddenKeywords().contains("CHUNKING")) {
            return ScreenReplies.NOT_BUILT;
        }
        if (line.argument() == null) {
            return ScreenReplies.BDAT_SYNTAX;
        }
        return sender == null ? ScreenReplies.BDAT_NEEDS_MAIL : ScreenReplies.NO_RECIPIENTS;
    }

    private SmtpReply vrfy(ScreenLine line) {
        if (line.argument() == null) {
            return ScreenReplies.VRFY_SYNTAX;
        }
        return protocol.hasVrfy() ? connection.recipientReply() : ScreenReplies.NO_VRFY;
    }

    private SmtpReply etrn(ScreenLine line) {
        if (protocol.needsHello() && helo == null) {
            return ScreenReplies.HELLO_FIRST;
        }
        return line.argument() == null ? ScreenReplies.ETRN_SYNTAX : ScreenReplies.NO_ETRN;
    }
}
