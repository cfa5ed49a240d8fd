// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.auth;

import dev.stafette.codec.sasl.PlainMessage;
import dev.stafette.codec.sasl.ScramKeys;
import dev.stafette.codec.sasl.ScramServer;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One client that logs in by a password file.
 * Thread: event loop; what takes its time is done by the server's threads, and heard on the loop.
 */
final class PasswordExchange implements AuthExchange {
    private static final AuthReply BUSY = new AuthReply.Rejected("Too many logins wait", "", true);
    private static final AuthReply UNREADABLE = new AuthReply.Rejected("Password file unavailable", "", true);
    private static final AuthReply ASK_ANYTHING = new AuthReply.Challenge("");

    private final PasswordFileServer server;
    private final EventLoop loop;
    private final AuthRequest request;

    // Owned by the loop.
    private Step next;
    private boolean isAbandoned;

    /** What is done with what the client says. */
    private interface Step {
        void take(byte[] message, Consumer<AuthReply> listener);
    }

    /** What takes its time. */
    private interface Check {
        AuthReply check() throws IOException;
    }

    PasswordExchange(PasswordFileServer server, EventLoop loop, AuthRequest request, Consumer<AuthReply> listener) {
        this.server = server;
        this.loop = loop;
        this.request = request;
        this.next = switch (request.mechanism().toUpperCase(Locale.ROOT)) {
            case PasswordFileServer.PLAIN -> this::onPlain;
            case PasswordFileServer.LOGIN -> this::onUser;
            default -> this::onScram;
        };
        String response = request.initialResponse();
        if (response == null) {
            boolean isLogin = request.mechanism().equalsIgnoreCase(PasswordFileServer.LOGIN);
            tell(listener, isLogin ? challenge("Username:".getBytes(StandardCharsets.US_ASCII)) : ASK_ANYTHING);
        } else {
            respond(response.equals("=") ? "" : response, listener);
        }
    }

    @Override
    public void respond(String base64, Consumer<AuthReply> listener) {
        try {
            next.take(Base64.getDecoder().decode(base64), listener);
        } catch (IllegalArgumentException e) {
            reject("", listener);
        }
    }

    @Override
    public void abandon() {
        isAbandoned = true;
    }

    // The mechanisms. ------------------------------------------------------------------------------------------------

    private void onPlain(byte[] message, Consumer<AuthReply> listener) {
        PlainMessage said = PlainMessage.parse(message);
        if (said == null
                || !said.authorization().isEmpty() && !said.authorization().equals(said.user())) {
            reject(said == null ? "" : said.user(), listener);
        } else {
            check(said.user(), said.password(), listener);
        }
    }

    private void onUser(byte[] message, Consumer<AuthReply> listener) {
        String user = new String(message, StandardCharsets.UTF_8);
        next = (password, then) -> check(user, new String(password, StandardCharsets.UTF_8), then);
        tell(listener, challenge("Password:".getBytes(StandardCharsets.US_ASCII)));
    }

    private void check(String user, String password, Consumer<AuthReply> listener) {
        execute(listener, () -> server.isRight(user, password) ? accepted(user) : rejected(user));
    }

    private void onScram(byte[] message, Consumer<AuthReply> listener) {
        boolean isBound = request.mechanism().equalsIgnoreCase(PasswordFileServer.SCRAM_PLUS);
        ScramServer scram = ScramServer.begin(message, isBound, request.binding());
        if (scram == null) {
            reject("", listener);
            return;
        }
        next = (proof, then) -> onProof(scram, proof, then);
        execute(listener, () -> {
            ScramKeys keys = server.scramKeys(scram.user());
            return challenge(scram.challenge(keys, server.random()));
        });
    }

    private void onProof(ScramServer scram, byte[] proof, Consumer<AuthReply> listener) {
        byte[] signature = scram.end(proof);
        if (signature == null) {
            reject(scram.user(), listener);
            return;
        }
        // SMTP has no room for data in its last reply: the client answers with nothing (RFC 4954 §4).
        next = (nothing, then) -> {
            if (nothing.length == 0) {
                finish(then, accepted(scram.user()));
            } else {
                reject(scram.user(), then);
            }
        };
        tell(listener, challenge(signature));
    }

    private static AuthReply challenge(byte[] bytes) {
        return new AuthReply.Challenge(Base64.getEncoder().encodeToString(bytes));
    }

    private AuthReply accepted(String user) {
        return new AuthReply.Accepted(server.fullName(user));
    }

    private static AuthReply rejected(String user) {
        return new AuthReply.Rejected("", printable(user), false);
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    // The end. -------------------------------------------------------------------------------------------------------

    private void execute(Consumer<AuthReply> listener, Check check) {
        boolean isTaken = server.tryExecute(() -> {
            AuthReply reply = UNREADABLE;
            try {
                reply = check.check();
            } catch (IOException e) {
                server.warn(e);
            } finally {
                // Also where memory for a hash was lacking: a session must not wait for ever.
                AuthReply found = reply;
                loop.execute(() -> finish(listener, found));
            }
        });
        if (!isTaken) {
            tell(listener, BUSY);
        }
    }

    private void reject(String user, Consumer<AuthReply> listener) {
        loop.execute(() -> finish(listener, rejected(user)));
    }

    /** Failures are slowed down, and counted even when the client has gone. */
    private void finish(Consumer<AuthReply> listener, AuthReply reply) {
        if (reply instanceof AuthReply.Accepted accepted) {
            server.failures().forgive(request.clientAddress(), accepted.user());
        }
        if (reply instanceof AuthReply.Rejected rejected && !rejected.isTemporary()) {
            String user = rejected.user().isEmpty() ? "" : server.fullName(rejected.user());
            long delayMs = server.failures().countAndDelayMs(request.clientAddress(), user, System.nanoTime());
            loop.schedule(() -> hear(listener, reply), delayMs, TimeUnit.MILLISECONDS);
        } else {
            hear(listener, reply);
        }
    }

    private void tell(Consumer<AuthReply> listener, AuthReply reply) {
        loop.execute(() -> hear(listener, reply));
    }

    private void hear(Consumer<AuthReply> listener, AuthReply reply) {
        if (!isAbandoned) {
            listener.accept(reply);
        }
    }
}
