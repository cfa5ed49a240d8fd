// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.delivery.tls.TlsSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the client introduced itself, and the Received field that follows from it.
 * Thread: event loop.
 */
final class Hello {
    /** Before HELO and EHLO, or without. */
    static final Hello NONE = new Hello("", false);

    private final String name;
    private final boolean extended;

    // Owned by the session.
    private @Nullable ReceivedHeader received;
    /** Whom that field names. */
    private String receivedUser = "";

    Hello(String name, boolean extended) {
        this.name = name;
        this.extended = extended;
    }

    /** What a program in front says that the client has said; {@link #NONE} when it does not. */
    static Hello of(ClientAttributes attributes) {
        String name = attributes.value(ClientAttribute.HELO);
        return name == null ? NONE : new Hello(name, "ESMTP".equalsIgnoreCase(attributes.value(ClientAttribute.PROTO)));
    }

    String name() {
        return name;
    }

    /** By EHLO: extensions may be used. */
    boolean isExtended() {
        return extended;
    }

    String protocol() {
        return extended ? "ESMTP" : "SMTP";
    }

    /** RFC 5321 §4.4, RFC 6531 §4.3. What one session's messages share is put together once. */
    ReceivedHeader received(
            SessionClient client, SmtpServerSettings settings, @Nullable TlsSession tls, boolean smtpUtf8) {
        if (smtpUtf8) {
            return newReceived(client, settings, tls, "UTF8SMTP");
        }
        ReceivedHeader known = received;
        String user = client.login().user();
        if (known == null || !receivedUser.equals(user)) {
            known = newReceived(client, settings, tls, protocol());
            received = this == NONE ? null : known;
            receivedUser = user;
        }
        return known;
    }

    private ReceivedHeader newReceived(
            SessionClient client, SmtpServerSettings settings, @Nullable TlsSession tls, String protocol) {
        String user = client.login().user();
        List<String> comments = new ArrayList<>();
        if (tls != null && settings.tls().showsInReceived()) {
            comments.addAll(tls.receivedComments(settings.tls().asksCertificate()));
        }
        if (!user.isEmpty() && settings.auth().showsUser()) {
            comments.add("Authenticated sender: " + commentText(user));
        }
        // RFC 3848 is of ESMTP alone.
        String suffix = extended ? (tls == null ? "" : "S") + (user.isEmpty() ? "" : "A") : "";
        String clientName = client.facts().name();
        return ReceivedHeader.ofClient(
                name.isEmpty() ? clientName : name,
                clientName,
                client.literalText(),
                comments,
                settings.hostName(),
                settings.intake().mailName(),
                protocol + suffix);
    }

    /** Without what could end the comment, or be no ASCII. */
    private static String commentText(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < out.length(); i++) {
            char c = out.charAt(i);
            if (c < ' ' || c > '~' || c == '(' || c == ')' || c == '\\') {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }
}
