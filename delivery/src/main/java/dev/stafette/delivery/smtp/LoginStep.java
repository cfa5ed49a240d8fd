// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.sasl.SaslClient;
import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.auth.CredentialAnswer;
import dev.stafette.delivery.auth.CredentialAnswer.Login;
import dev.stafette.delivery.auth.CredentialAnswer.Unavailable;
import dev.stafette.delivery.auth.CredentialQuery;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * AUTH, between EHLO and the first message (RFC 4954 §4), where there is a name and a password for the server. Then it has to
 * succeed: mail that a server takes without is not sent there.
 * Thread: event loop.
 *
 * <pre>
 *   looking up → ready       nobody is to log in
 *              → AUTH
 *   AUTH       → AUTH        334: a challenge, and its answer
 *              → ready       2xx
 *   any        → refused     anything else
 * </pre>
 */
final class LoginStep implements SessionStep {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What others may see of what proves who we are; Postfix shows it all to the postmaster. */
    private static final String SECRET = " ...";

    private final SmtpSession session;
    private final Attempt attempt;
    private final ClientLogins logins;

    // Owned by the loop.
    private @Nullable SaslClient client;
    private boolean isWorking;

    LoginStep(SmtpSession session, Attempt attempt, ClientLogins logins) {
        this.session = session;
        this.attempt = attempt;
        this.logins = logins;
    }

    void begin() {
        session.enter(this);
        isWorking = true;
        logins.source()
                .find(
                        new CredentialQuery(
                                session.peer().host(),
                                attempt.hop(),
                                attempt.request().envelope().sender(),
                                session.offered().authMechanisms(),
                                session.isSecure(),
                                session.isVerified()),
                        session.channel().eventLoop(),
                        this::onFound);
    }

    private void onFound(CredentialAnswer answer) {
        isWorking = false;
        if (session.isClosed()) {
            return;
        }
        if (answer instanceof Login login) {
            logIn(login);
        } else if (answer instanceof Unavailable) {
            session.history().noteDataError();
            refuse(OutcomePolicy.noCredentials(session.peer()));
        } else {
            attempt.onSession(session);
        }
        session.flush();
    }

    private void logIn(Login login) {
        String best = null;
        for (String known : SaslClient.MECHANISMS) {
            if (best == null && login.mechanisms().contains(known)) {
                best = known;
            }
        }
        if (best == null) {
            cannot("no mechanism available");
            return;
        }
        String actingUser = logins.namesActingUser() ? login.user() : "";
        SaslClient chosen = SaslClient.of(best, actingUser, login.user(), login.password(), RANDOM);
        client = chosen;
        byte[] first = chosen.initialResponse();
        session.send("AUTH " + best + (first == null ? "" : ' ' + base64(first)), "AUTH " + best + SECRET);
        session.await(SessionStage.AUTH);
    }

    private static String base64(byte[] bytes) {
        // RFC 4954 §4: nothing in the command's own line has a sign of its own.
        return bytes.length == 0 ? "=" : Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public SessionStage stage() {
        return SessionStage.AUTH;
    }

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        SaslClient begun = client;
        if (begun == null || isWorking) {
            // Nobody has asked.
            session.outOfStep(reply);
        } else if (reply.code() == 334) {
            onChallenge(begun, text(reply));
        } else if (reply.code() / 100 != 2) {
            refuse(OutcomePolicy.notLoggedIn(session.peer(), reply, logins.softBounce()));
        } else if (!begun.isComplete()) {
            cannot("the server has not proved that it knows the password");
        } else {
            attempt.onSession(session);
        }
    }

    /** Behind the code. */
    private static String text(SmtpReplyDecoder reply) {
        String line = reply.reply().lines().get(0);
        return line.strip();
    }

    private void onChallenge(SaslClient begun, String text) {
        byte[] challenge;
        try {
            challenge = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            cannot("bad protocol / cancel");
            return;
        }
        isWorking = true;
        try {
            logins.workers().execute(() -> {
                byte[] response = begun.respond(challenge);
                session.channel().eventLoop().execute(() -> onResponse(response));
            });
        } catch (RejectedExecutionException e) {
            cannot("shutting down");
        }
    }

    private void onResponse(byte @Nullable [] response) {
        isWorking = false;
        if (session.isClosed()) {
            return;
        }
        if (response == null) {
            cannot("bad protocol / cancel");
        } else {
            session.send(Base64.getEncoder().encodeToString(response), SECRET.strip());
            session.await(SessionStage.AUTH);
        }
        session.flush();
    }

    private void cannot(String why) {
        refuse(OutcomePolicy.cannotLogIn(session.peer(), why));
    }

    private void refuse(DeliveryOutcome why) {
        session.quit();
        attempt.onRefused(why);
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        attempt.onRefused(why);
    }
}
