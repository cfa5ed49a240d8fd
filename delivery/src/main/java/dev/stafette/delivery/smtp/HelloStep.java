// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.EhloCapabilities;
import dev.stafette.codec.smtp.SmtpReplyDecoder;
import dev.stafette.delivery.DeliveryOutcome;
import dev.stafette.delivery.auth.ClientLogins;
import dev.stafette.delivery.smtp.SmtpClientSettings.HelloMode;
import dev.stafette.delivery.tls.TlsLevel;
import dev.stafette.delivery.tls.TlsPolicy;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The start of a session: greeting, then EHLO, or HELO where EHLO is not understood (RFC 5321 §3.2).
 * Thread: event loop.
 *
 * <pre>
 *   GREETING → EHLO     220
 *   GREETING → HELO     220, when EHLO is not to be sent
 *   EHLO     → HELO     not 2xx, not 421
 *   EHLO, HELO → ready  2xx
 *   GREETING → LHLO     220, with LMTP (RFC 2033 §4.1), which knows nothing else
 *   any      → refused  anything else
 * </pre>
 */
final class HelloStep implements SessionStep {
    /** A greeting masked by a firewall (PIX), which does not support EHLO (Postfix detects it in the same way). */
    private static final Pattern MASKED = Pattern.compile("[20 *]*");

    private final SmtpSession session;
    private final Attempt attempt;

    // Owned by the loop.
    private SessionStage stage = SessionStage.GREETING;
    private boolean isLookingUp;

    HelloStep(SmtpSession session, Attempt attempt) {
        this.session = session;
        this.attempt = attempt;
    }

    @Override
    public SessionStage stage() {
        return stage;
    }

    @Override
    public void onReply(SmtpReplyDecoder reply) {
        if (isLookingUp) {
            // Nobody has asked.
            session.outOfStep(reply);
            return;
        }
        if (reply.code() / 100 == 2) {
            onPositive(reply);
        } else if (stage == SessionStage.EHLO && reply.code() != 421) {
            hello(SessionStage.HELO);
        } else {
            refuse(reply);
        }
    }

    private void onPositive(SmtpReplyDecoder reply) {
        if (isOurself(reply)) {
            session.quit();
            attempt.onGreetedByOurself(session.peer());
            return;
        }
        switch (stage) {
            case GREETING:
                lookUp(first(reply), MASKED.matcher(reply.text()).matches());
                break;
            case EHLO, LHLO:
                session.setOffered(EhloCapabilities.parse(reply.reply()));
                goOn();
                break;
            default:
                goOn();
                break;
        }
    }

    /** With TLS, or without it where that may be. */
    private void goOn() {
        TlsPolicy policy = session.terms().policy();
        boolean isOffered = session.offered().has(EhloCapabilities.START_TLS);
        if (session.isSecure() || policy.level() == TlsLevel.NONE) {
            session.noteOffer(isOffered && !session.isSecure());
            logIn();
        } else if (isOffered) {
            new TlsStep(session, attempt, policy, session.tls()).ask();
        } else {
            new TlsStep(session, attempt, policy, session.tls()).doWithout();
        }
    }

    /** TLS is there: the client introduces itself anew (RFC 3207 §4.2). */
    void repeat() {
        hello(session.settings().isLmtp() ? SessionStage.LHLO : SessionStage.EHLO);
    }

    /** AUTH, where the server offers it and somebody is to log in; TLS comes before. */
    void logIn() {
        ClientLogins logins = session.settings().logins();
        if (logins == null || !session.offered().has(EhloCapabilities.AUTH)) {
            attempt.onSession(session);
        } else {
            new LoginStep(session, attempt, logins).begin();
        }
    }

    /** How the server is to be dealt with is known before it is greeted. */
    private void lookUp(SessionStage verb, boolean isMasked) {
        isLookingUp = true;
        session.settings()
                .habits()
                .servers()
                .find(session.channel().eventLoop(), session.peer().place(), traits -> {
                    isLookingUp = false;
                    if (session.isClosed()) {
                        return;
                    }
                    if (traits == null) {
                        session.history().noteDataError();
                        session.quit();
                        attempt.onRefused(OutcomePolicy.noCredentials(session.peer()));
                    } else {
                        session.setTraits(traits);
                        hello(
                                isMasked && session.workAround(attempt.request(), traits.workarounds())
                                        ? withoutEsmtp(verb)
                                        : verb);
                    }
                    session.flushUnlessReading();
                });
    }

    private static SessionStage withoutEsmtp(SessionStage verb) {
        return verb == SessionStage.EHLO ? SessionStage.HELO : verb;
    }

    /** The verb that the session begins with. */
    private SessionStage first(SmtpReplyDecoder greeting) {
        if (session.settings().isLmtp()) {
            return SessionStage.LHLO;
        }
        return wantsEhlo(greeting) ? SessionStage.EHLO : SessionStage.HELO;
    }

    private boolean wantsEhlo(SmtpReplyDecoder greeting) {
        HelloMode mode = session.settings().helloMode();
        return mode == HelloMode.ALWAYS_EHLO
                || mode == HelloMode.EHLO_WHEN_GREETED
                        && greeting.text().toUpperCase(Locale.ROOT).contains("ESMTP");
    }

    private void hello(SessionStage next) {
        stage = next;
        session.send(next.name() + ' ' + session.settings().heloName());
        session.await(next);
    }

    /** Greeting and EHLO reply start with the server's name (RFC 5321 §4.2.2, §4.1.1.1). */
    private boolean isOurself(SmtpReplyDecoder reply) {
        if (session.settings().isLmtp()
                || session.peer().port() != session.settings().port()) {
            return false;
        }
        String text = reply.reply().lines().get(0);
        int end = text.indexOf(' ');
        return session.settings().myHostname().equalsIgnoreCase(end < 0 ? text : text.substring(0, end));
    }

    private void refuse(SmtpReplyDecoder reply) {
        boolean skip5xx = stage == SessionStage.GREETING && session.settings().skip5xxGreeting();
        DeliveryOutcome why = OutcomePolicy.refused(session.peer(), reply, skip5xx);
        session.history().note(reply.code());
        session.quit();
        attempt.onRefused(why);
    }

    @Override
    public void onBroken(DeliveryOutcome why) {
        attempt.onRefused(why);
    }
}
