// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.sasl.ChannelBinding;
import dev.stafette.codec.smtp.SmtpLineDecoder;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.auth.AuthMechanism;
import dev.stafette.engine.auth.AuthReply;
import dev.stafette.engine.auth.AuthRequest;
import dev.stafette.engine.auth.AuthServer;
import dev.stafette.engine.metrics.Count;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One AUTH command from its line to its last reply: what the server of logins asks, the client answers (RFC 4954 §4), and what
 * is none of base64 comes to neither.
 * Thread: event loop.
 */
final class AuthDialogue implements Input {
    private static final EnhancedStatus TEMPORARY = EnhancedStatus.of(4, 7, 0);
    private static final EnhancedStatus INVALID = EnhancedStatus.of(5, 7, 8);
    private static final int LOGGED_LENGTH_MAX = 100;

    /** RFC 4954 §4: an initial response that is there, but empty. */
    private static final String EMPTY = "=";

    private final SmtpServerSession session;
    private final AuthServer server;
    private final String mechanism;
    private final SmtpLineDecoder lines;

    /** @param mechanism as the client has it */
    AuthDialogue(SmtpServerSession session, AuthServer server, String mechanism) {
        this.session = session;
        this.server = server;
        this.mechanism = mechanism;
        this.lines = new SmtpLineDecoder(session.settings().auth().responseBytesMax());
    }

    /** {@code response}: base64, as the client has it; null: none. */
    Outcome begin(@Nullable String response) {
        return session.<List<AuthMechanism>>await(
                listener -> server.findMechanisms(session.connection().loop(), listener), all -> {
                    boolean isSecure = session.state().isSecure();
                    ChannelBinding binding = session.connection().channelBinding();
                    return all.isEmpty()
                            ? reject(new AuthReply.Rejected("Connection lost to authentication server", "", true))
                            : session.ask(
                                    inquiry ->
                                            session.settings().auth().usable(all, isSecure, binding != null, inquiry),
                                    usable -> begin(usable, response, isSecure, isBound(all, usable) ? binding : null));
                });
    }

    /** Clients were offered to bind a login: one of those mechanisms is among them. */
    private static boolean isBound(List<AuthMechanism> all, List<String> usable) {
        return all.stream().anyMatch(one -> one.isBound() && usable.contains(one.name()));
    }

    private Outcome begin(
            List<String> usable, @Nullable String response, boolean isSecure, @Nullable ChannelBinding binding) {
        if (usable.stream().noneMatch(mechanism::equalsIgnoreCase)) {
            return reject("Invalid authentication mechanism");
        }
        if (response != null && !response.equals(EMPTY) && !isBase64(response)) {
            return reject("Invalid base64 data in initial response");
        }
        AuthRequest request = new AuthRequest(
                mechanism,
                response,
                session.settings().auth().service(),
                session.connection().serverAddressText(),
                session.client().addressText(),
                isSecure,
                binding);
        return session.<AuthReply>await(
                listener -> session.client()
                        .login()
                        .begin(server.begin(session.connection().loop(), request, listener)),
                this::onReply);
    }

    private Outcome onReply(AuthReply reply) {
        if (reply instanceof AuthReply.Challenge challenge) {
            session.reply(SmtpReply.of(334, challenge.text()));
            session.awaitResponse(this);
            return Outcome.PENDING;
        }
        if (reply instanceof AuthReply.Accepted accepted) {
            session.client().login().end(mechanism, accepted.user());
            session.service().meter().count(Count.LOGINS);
            return session.accept(SmtpPhrasebook.AUTHENTICATED);
        }
        return reject((AuthReply.Rejected) reply);
    }

    private Outcome reject(String reason) {
        return reject(new AuthReply.Rejected(reason, "", false));
    }

    private Outcome reject(AuthReply.Rejected rejected) {
        session.client().login().abandon();
        session.service().meter().count(Count.LOGINS_FAILED);
        String reason = rejected.reason().isEmpty() ? "(reason unavailable)" : rejected.reason();
        String user = rejected.user().isEmpty() ? "(unavailable)" : rejected.user();
        session.log()
                .warning(session.client().text() + ": SASL " + shortened(mechanism) + " authentication failed: "
                        + reason + ", sasl_username=" + shortened(user));
        return session.refuse(
                rejected.isTemporary()
                        ? SmtpReply.of(454, TEMPORARY, "Temporary authentication failure: " + reason)
                        : SmtpReply.of(535, INVALID, "Error: authentication failed: " + reason));
    }

    private static String shortened(String text) {
        return text.length() > LOGGED_LENGTH_MAX ? text.substring(0, LOGGED_LENGTH_MAX) : text;
    }

    // The client's answers. ------------------------------------------------------------------------------------------

    @Override
    public void take(ByteBuf in) {
        if (lines.decode(in) == SmtpLineDecoder.Result.LINE) {
            session.end(onResponse());
        }
    }

    private Outcome onResponse() {
        if (lines.isCut()) {
            session.log().commandTooLong(lines);
            session.client().login().abandon();
            return refuse(SmtpPhrasebook.RESPONSE_TOO_LONG);
        }
        byte[] bytes = new byte[lines.length()];
        lines.copyTo(bytes);
        String response = new String(bytes, StandardCharsets.ISO_8859_1);
        if (response.equals("*")) {
            session.client().login().abandon();
            session.log()
                    .warning(session.client().text() + ": SASL " + shortened(mechanism) + " authentication aborted");
            return refuse(SmtpPhrasebook.AUTH_ABORTED);
        }
        if (!isBase64(response)) {
            session.awaitCommand();
            return reject("Invalid base64 data in continued response");
        }
        return session.<AuthReply>await(
                listener -> session.client().login().respond(response, listener), this::onReply);
    }

    private Outcome refuse(SmtpReply reply) {
        session.awaitCommand();
        return session.refuse(reply);
    }

    /** RFC 4648 §4, without line ends; nothing is base64, too. */
    private static boolean isBase64(String text) {
        int end = text.length();
        if (end % 4 != 0) {
            return false;
        }
        for (int padding = 0; padding < 2 && end > 0 && text.charAt(end - 1) == '='; padding++) {
            end--;
        }
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean isLetter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
            if (!isLetter && !(c >= '0' && c <= '9') && c != '+' && c != '/') {
                return false;
            }
        }
        return true;
    }
}
