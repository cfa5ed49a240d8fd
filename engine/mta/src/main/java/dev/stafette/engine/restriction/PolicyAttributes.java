// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.delivery.tls.PeerCertificate;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.delivery.tls.Trust;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.config.syntax.IpText;
import java.net.InetSocketAddress;

/**
 * What a policy server is told (SMTPD_POLICY_README).
 * Thread: any (a value).
 *
 * @param context {@code policy_context}
 * @param stress {@code $stress}
 */
record PolicyAttributes(String context, String stress, String compatibilityLevel, String mailVersion) {
    static PolicyAttributes of(Settings settings, String context) {
        return new PolicyAttributes(
                context,
                settings.anyText("stress"),
                settings.text("compatibility_level"),
                settings.text("mail_version"));
    }

    /** {@code subject}: of the list that the check is in. */
    String request(Facts facts, Subject subject) {
        ClientFacts client = facts.client();
        ConnectionFacts connection = facts.connection();
        MessageFacts message = facts.message();
        InetSocketAddress server = connection.server();
        StringBuilder out = new StringBuilder(1024);
        add(out, "request", "smtpd_access_policy");
        add(out, "protocol_state", state(facts, subject));
        add(out, "protocol_name", connection.protocol());
        add(out, "client_address", IpText.format(client.address()));
        add(out, "client_name", client.name());
        add(out, "client_port", Integer.toString(connection.clientPort()));
        add(out, "reverse_client_name", client.reverseName());
        add(out, "server_address", server == null ? "" : IpText.format(server.getAddress()));
        add(out, "server_port", server == null ? "" : Integer.toString(server.getPort()));
        add(out, "helo_name", facts.helo());
        add(out, "sender", facts.name(Subject.SENDER));
        add(out, "recipient", facts.name(Subject.RECIPIENT));
        add(out, "recipient_count", Integer.toString(message.isComplete() ? message.recipientCount() : 0));
        add(out, "queue_id", message.queueId());
        add(out, "instance", connection.instance());
        add(out, "size", Long.toString(message.sizeBytes()));
        add(out, "etrn_domain", facts.etrnDomain());
        add(out, "stress", stress);
        add(out, "sasl_method", connection.login().method());
        add(out, "sasl_username", connection.login().user());
        add(out, "sasl_sender", connection.login().sender());
        addTls(out, connection);
        add(out, "policy_context", context);
        add(out, "compatibility_level", compatibilityLevel);
        add(out, "mail_version", mailVersion);
        return out.append('\n').toString();
    }

    /** As by Postfix, names of a certificate that nobody vouches for are not told. */
    private static void addTls(StringBuilder out, ConnectionFacts connection) {
        TlsSession tls = connection.tls();
        PeerCertificate shown = connection.certificate();
        PeerCertificate vouchedFor = shown != null && shown.trust() != Trust.UNTRUSTED ? shown : null;
        add(out, "ccert_subject", vouchedFor != null ? vouchedFor.subject() : "");
        add(out, "ccert_issuer", vouchedFor != null ? vouchedFor.issuer() : "");
        add(out, "ccert_fingerprint", shown == null ? "" : shown.fingerprint());
        add(out, "ccert_pubkey_fingerprint", shown == null ? "" : shown.publicKeyFingerprint());
        add(out, "encryption_protocol", tls == null ? "" : tls.protocol());
        add(out, "encryption_cipher", tls == null ? "" : tls.cipher());
        add(out, "encryption_keysize", tls == null ? "0" : Integer.toString(tls.usedBits()));
    }

    /** The command that is judged, which is not that of the list where lists wait for the recipient. */
    private static String state(Facts facts, Subject subject) {
        if (!facts.etrnDomain().isEmpty()) {
            return "ETRN";
        }
        if (facts.message().isComplete()) {
            return subject == Subject.END_OF_DATA ? "END-OF-MESSAGE" : "DATA";
        }
        if (facts.recipient() != null) {
            return facts.sender() == null ? "VRFY" : "RCPT";
        }
        if (facts.sender() != null) {
            return "MAIL";
        }
        if (facts.helo().isEmpty()) {
            return "CONNECT";
        }
        return facts.connection().protocol().equals("ESMTP") ? "EHLO" : "HELO";
    }

    /** A line is a line, whatever a client puts into it. */
    private static void add(StringBuilder out, String name, String value) {
        out.append(name).append('=');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            out.append(c == '\n' || c == '\r' || c == '\0' ? '?' : c);
        }
        out.append('\n');
    }
}
