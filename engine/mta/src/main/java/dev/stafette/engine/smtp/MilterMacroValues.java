// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.delivery.tls.Trust;
import dev.stafette.engine.milter.MacroSource;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.ClientName;
import dev.stafette.engine.restriction.LoginFacts;
import dev.stafette.engine.restriction.RecipientFacts;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * What a session says in the macros of its milters.
 * Thread: event loop.
 */
final class MilterMacroValues implements MacroSource {
    private static final String NO_MAILER = "error";
    private static final String NOBODY = "MAILER-DAEMON";

    private final SmtpServerSettings settings;
    private final Connection connection;
    private final SessionClient client;
    private final SessionState state;

    // Owned by the loop.
    private @Nullable MailAddress sender;
    private @Nullable RecipientFacts recipient;
    private @Nullable SmtpReply refused;

    MilterMacroValues(SmtpServerSettings settings, Connection connection, SessionClient client, SessionState state) {
        this.settings = settings;
        this.connection = connection;
        this.client = client;
        this.state = state;
    }

    void setSender(MailAddress named) {
        sender = named;
    }

    /** {@code refusal}: of the recipient, by others. */
    void setRecipient(@Nullable RecipientFacts named, @Nullable SmtpReply refusal) {
        recipient = named;
        refused = refusal;
    }

    void reset() {
        sender = null;
        setRecipient(null, null);
    }

    @Override
    public @Nullable String value(String name) {
        if (name.startsWith("mail_") && sender != null) {
            return ofSender(name, sender);
        }
        if (name.startsWith("rcpt_") && recipient != null) {
            return refused == null ? ofRecipient(name, recipient) : ofRefused(name, refused);
        }
        TlsSession tls = state.tls();
        if (tls != null && (name.startsWith("tls_") || name.startsWith("ci") || name.startsWith("cert_"))) {
            return ofTls(name, tls);
        }
        return name.startsWith("auth_") ? ofLogin(name) : ofClient(name);
    }

    private @Nullable String ofClient(String name) {
        ClientFacts known = client.facts();
        return switch (name) {
            case "_" ->
                known.reverseName() + " [" + connection.addressText() + ']'
                        + (known.name().equalsIgnoreCase(known.reverseName()) ? "" : " (may be forged)");
            case "client_addr" -> connection.literalText();
            case "client_port" -> String.valueOf(connection.port());
            case "client_name" -> known.name();
            case "client_ptr" -> known.reverseName();
            case "client_resolve" -> resolved(known.names());
            case "client_connections" -> String.valueOf(client.sessionCount());
            case "daemon_addr" -> connection.serverAddressText();
            case "daemon_port" -> connection.serverPortText();
            case "i" -> state.queueIdText();
            default -> null;
        };
    }

    private static String resolved(ClientName names) {
        if (names.verified() == Finding.FOUND) {
            return "OK";
        }
        if (names.reverse() == Finding.FOUND && names.verified() == Finding.NOT_FOUND) {
            return "FORGED";
        }
        boolean isForNow = names.verified() == Finding.UNAVAILABLE || names.reverse() == Finding.UNAVAILABLE;
        return isForNow ? "TEMP" : "FAIL";
    }

    private static @Nullable String ofTls(String name, TlsSession tls) {
        PeerCertificate peer = tls.peer() == null || tls.peer().trust() == Trust.UNTRUSTED ? null : tls.peer();
        return switch (name) {
            case "tls_version" -> tls.protocol();
            case "cipher" -> tls.cipher();
            case "cipher_bits" -> String.valueOf(tls.usedBits());
            case "cert_subject" -> peer == null ? null : peer.subject();
            case "cert_issuer" -> peer == null ? null : peer.issuer();
            default -> null;
        };
    }

    private @Nullable String ofLogin(String name) {
        LoginFacts login = client.login().facts(state.transaction());
        String value = switch (name) {
            case "auth_type" -> login.method();
            case "auth_authen" -> login.user();
            case "auth_author" -> login.sender();
            default -> "";
        };
        return value.isEmpty() ? null : value;
    }

    private @Nullable String ofSender(String name, MailAddress given) {
        MailAddress whole = settings.rewriter().sender(given);
        if (name.equals("mail_addr")) {
            return whole.isNull() ? "" : whole.external();
        }
        MailAddress target = whole.isNull() ? MailAddress.of(NOBODY, settings.hostName()) : whole;
        return ofRoute(name, "mail_", route(target, MailAddress.NULL));
    }

    private @Nullable Route route(MailAddress target, MailAddress from) {
        return settings.recipients().route(target, from, Inquiry.AT_ONCE);
    }

    private @Nullable String ofRecipient(String name, RecipientFacts facts) {
        if (name.equals("rcpt_addr")) {
            return facts.target().external();
        }
        Transaction transaction = state.transaction();
        Route known = facts.route();
        return ofRoute(
                name,
                "rcpt_",
                known == null
                        ? route(facts.target(), transaction == null ? MailAddress.NULL : transaction.sender())
                        : known);
    }

    private static @Nullable String ofRoute(String name, String kind, @Nullable Route route) {
        if (route == null) {
            return null;
        }
        return switch (name.substring(kind.length())) {
            case "host" -> route.nextHop();
            case "mailer" -> route.transport();
            default -> null;
        };
    }

    /** As in Sendmail: of {@code 554 5.7.1 <user@example.com>: Relay access denied}, the status and the text behind the address. */
    private static @Nullable String ofRefused(String name, SmtpReply refusal) {
        EnhancedStatus status = refusal.status();
        String text = refusal.text();
        return switch (name) {
            case "rcpt_mailer" -> NO_MAILER;
            case "rcpt_host" -> status == null ? null : status.toString();
            case "rcpt_addr" -> text.substring(text.indexOf(' ') + 1);
            default -> null;
        };
    }
}
