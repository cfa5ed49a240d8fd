// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.auth.AuthExchange;
import dev.stafette.engine.auth.AuthReply;
import dev.stafette.engine.restriction.LoginFacts;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whom the client of a session has logged in as, and how far it is on the way there.
 * Thread: event loop.
 */
final class SessionLogin {
    /** What stands for a mechanism where a program in front has checked the client. */
    private static final String XCLIENT = "XCLIENT";

    // Owned by the session.
    private LoginFacts facts = LoginFacts.NONE;
    private @Nullable AuthExchange exchange;

    boolean isLoggedIn() {
        return facts.isLoggedIn();
    }

    /** {@code transaction}: whose sender is named in AUTH=; null: there is none. */
    LoginFacts facts(@Nullable Transaction transaction) {
        String sender = transaction == null ? "" : transaction.authSender();
        return sender.isEmpty() ? facts : new LoginFacts(facts.method(), facts.user(), sender);
    }

    String user() {
        return facts.user();
    }

    /** What XCLIENT says; without LOGIN nobody has logged in. */
    void take(ClientAttributes attributes) {
        String user = attributes.value(ClientAttribute.LOGIN);
        facts = user == null ? LoginFacts.NONE : new LoginFacts(XCLIENT, user, "");
    }

    /** TLS begins: the client is nobody again (RFC 3207 §4.2). */
    void forget() {
        facts = LoginFacts.NONE;
    }

    void begin(AuthExchange begun) {
        exchange = begun;
    }

    void respond(String base64, Consumer<AuthReply> listener) {
        AuthExchange begun = exchange;
        if (begun == null) {
            throw new IllegalStateException("a response to nothing");
        }
        begun.respond(base64, listener);
    }

    void end(String method, String user) {
        exchange = null;
        facts = new LoginFacts(method, user, "");
    }

    /** The client has given up, or gone, or not got in. */
    void abandon() {
        AuthExchange begun = exchange;
        exchange = null;
        if (begun != null) {
            begun.abandon();
        }
    }
}
