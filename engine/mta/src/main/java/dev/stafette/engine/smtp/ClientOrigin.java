// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.OriginLogin;
import dev.stafette.engine.log.MessageClient;
import dev.stafette.engine.restriction.ClientFacts;
import dev.stafette.engine.restriction.LoginFacts;
import dev.stafette.engine.table.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Whom a session's message came from first: by XFORWARD, where that says anything of a client, and else the client itself.
 * Thread: event loop.
 */
final class ClientOrigin {
    private static final String LOCAL = "LOCAL";

    private ClientOrigin() {}

    /** {@code queueId}: ours; null: it has none. */
    static MessageOrigin of(SmtpServerSession session, @Nullable String queueId, boolean isLocal) {
        return first(session, queueId, isLocal).with(login(session));
    }

    private static @Nullable OriginLogin login(SmtpServerSession session) {
        LoginFacts facts = session.client().login().facts(session.transaction());
        return facts.equals(LoginFacts.NONE) ? null : new OriginLogin(facts.method(), facts.user(), facts.sender());
    }

    private static MessageOrigin first(SmtpServerSession session, @Nullable String queueId, boolean isLocal) {
        ClientAttributes forwarded = session.client().forwarded();
        if (forwarded == null) {
            return ofClient(session, queueId, isLocal);
        }
        String ident = forwarded.value(ClientAttribute.IDENT);
        String firstId = ident == null ? queueId : ident;
        if (!forwarded.tellsClient()) {
            return ofClient(session, firstId, isLocal);
        }
        String address = forwarded.value(ClientAttribute.ADDR);
        return new MessageOrigin(
                forwarded.value(ClientAttribute.NAME),
                address != null && address.indexOf(':') >= 0 ? "IPv6:" + address : address,
                forwarded.value(ClientAttribute.PORT),
                forwarded.value(ClientAttribute.PROTO),
                forwarded.value(ClientAttribute.HELO),
                firstId,
                isLocal);
    }

    private static MessageOrigin ofClient(SmtpServerSession session, @Nullable String queueId, boolean isLocal) {
        SessionClient client = session.client();
        Hello hello = session.state().hello();
        return new MessageOrigin(
                known(client.facts().name(), ClientFacts.UNKNOWN),
                client.literalText(),
                Integer.toString(session.connection().port()),
                hello.protocol(),
                known(hello.name(), ""),
                queueId,
                isLocal);
    }

    /** As cleanup's log lines tell it. */
    static MessageClient forLog(SmtpServerSession session) {
        Hello hello = session.state().hello();
        ClientAttributes forwarded = session.client().forwarded();
        if (forwarded == null || !forwarded.tellsClient()) {
            return new MessageClient(session.client().text(), hello.protocol(), known(hello.name(), ""));
        }
        String name = forwarded.value(ClientAttribute.NAME);
        String address = forwarded.value(ClientAttribute.ADDR);
        return new MessageClient(
                (name == null ? ClientFacts.UNKNOWN : name) + "[" + (address == null ? ClientFacts.UNKNOWN : address)
                        + "]",
                forwarded.value(ClientAttribute.PROTO),
                forwarded.value(ClientAttribute.HELO));
    }

    private static @Nullable String known(String text, String unknown) {
        return text.equals(unknown) ? null : text;
    }

    /** Whether the message was written here: as XFORWARD says, and else by who the client is. */
    static boolean isLocal(SmtpServerSession session) {
        ClientAttributes forwarded = session.client().forwarded();
        if (forwarded != null && forwarded.has(ClientAttribute.SOURCE)) {
            String source = forwarded.value(ClientAttribute.SOURCE);
            return source == null || source.equals(LOCAL);
        }
        boolean isLocalByLogin = session.settings().clients().completesLoggedIn()
                && session.client().login().isLoggedIn();
        return isLocalByLogin || session.client().standing().local() == Finding.FOUND;
    }
}
