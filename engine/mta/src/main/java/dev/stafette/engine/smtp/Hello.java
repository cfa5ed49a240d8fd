// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.message.ReceivedHeader;
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
    ReceivedHeader received(SessionClient client, String hostName, boolean smtpUtf8) {
        if (smtpUtf8) {
            return newReceived(client, hostName, "UTF8SMTP");
        }
        ReceivedHeader known = received;
        if (known == null) {
            known = newReceived(client, hostName, protocol());
            received = this == NONE ? null : known;
        }
        return known;
    }

    private ReceivedHeader newReceived(SessionClient client, String hostName, String protocol) {
        String clientName = client.facts().name();
        return ReceivedHeader.ofClient(
                name.isEmpty() ? clientName : name, clientName, client.literalText(), hostName, protocol);
    }
}
