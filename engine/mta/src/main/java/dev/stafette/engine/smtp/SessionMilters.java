// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.milter.MilterHost;
import dev.stafette.engine.milter.MilterPeer;
import dev.stafette.engine.milter.MilterRules;
import dev.stafette.engine.milter.MilterSession;
import dev.stafette.engine.milter.MilterStep;
import dev.stafette.engine.milter.MilterVerdict;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the milters of a session hear of its commands, and what becomes of what they say: lines in the log, replies, orders for
 * the message. Without milters, everything goes on at once.
 * Thread: event loop.
 */
final class SessionMilters {
    private static final String AFTER_CONNECT = "CONNECT";
    private static final int SHUTDOWN = 421;

    private final ServiceLoop service;
    private final Connection connection;
    private final SessionClient client;
    private final SessionState state;
    private final SessionLog log;

    // Owned by the loop. All null, or none: where milters see the session.
    private @Nullable MilterSession milters;
    private @Nullable MilterMacroValues macros;
    private @Nullable IntakeSettings intake;

    private @Nullable SmtpReply denial;
    /** MAIL was said: what comes of it must be told, too. */
    private boolean isInMail;

    SessionMilters(
            ServiceLoop service, Connection connection, SessionClient client, SessionState state, SessionLog log) {
        this.service = service;
        this.connection = connection;
        this.client = client;
        this.state = state;
        this.log = log;
    }

    // The session. ---------------------------------------------------------------------------------------------------

    /** The client is there; {@code then}: before it is greeted. */
    void connect(Runnable then, Consumer<RuntimeException> onMistake) {
        MilterRules rules = service.settings().milters();
        denial = null;
        if (rules.areNone()) {
            then.run();
            return;
        }
        String address = connection.addressText();
        service.inquirer()
                .ask(
                        inquiry -> rules.forClient(address, inquiry),
                        choice -> {
                            MilterMacroValues values =
                                    new MilterMacroValues(service.settings(), connection, client, state);
                            MilterSession opened = MilterSession.open(
                                    rules, choice, new MilterHost(connection.loop(), log::warning), values);
                            if (opened == null || state.isClosed()) {
                                then.run();
                                return;
                            }
                            macros = values;
                            begin(opened, then);
                        },
                        onMistake);
    }

    private void begin(MilterSession opened, Runnable then) {
        milters = opened;
        intake = service.settings().intake().inspectedBy(new MilterStep(opened, this::peer, log::cleanupWarning));
        InetSocketAddress peer = new InetSocketAddress(connection.address(), connection.port());
        opened.connect(client.facts().name(), peer, verdict -> {
            if (verdict != null && !state.isClosed()) {
                denial = ofConnection(take(AFTER_CONNECT, verdict, null, null));
            }
            then.run();
        });
    }

    /** A refusal for now does not keep the client from being greeted: its commands are refused. */
    private @Nullable SmtpReply ofConnection(@Nullable SmtpReply refusal) {
        if (refusal == null || refusal.isTransient() && refusal.code() != SHUTDOWN) {
            return null;
        }
        ServerReplies replies = service.replies();
        return refusal.isPermanent() ? replies.notAccepting() : replies.unavailable();
    }

    /** In the place of the greeting; null: none. */
    @Nullable
    SmtpReply denial() {
        return denial;
    }

    private MilterPeer peer() {
        Hello hello = state.hello();
        return new MilterPeer(client.text(), hello.protocol(), hello.name().isEmpty() ? null : hello.name());
    }

    /** What holds for a command that milters do not hear of; null: nothing. */
    @Nullable
    SmtpReply standing() {
        MilterVerdict verdict = milters == null ? null : milters.standing();
        return verdict == null ? null : verdict.reply();
    }

    /** Null: none sees the session. */
    @Nullable
    MilterSession session() {
        return milters;
    }

    /** Where {@link #session} is. */
    @Nullable
    MilterMacroValues macros() {
        return macros;
    }

    /** MAIL is told. */
    void beginMail() {
        isInMail = true;
    }

    /** The transaction is over, or never was. */
    void reset() {
        if (milters != null && isInMail) {
            milters.abort();
        }
        isInMail = false;
        if (macros != null) {
            macros.reset();
        }
    }

    /** The session ends, or becomes another client's. */
    void close() {
        MilterSession opened = milters;
        milters = null;
        macros = null;
        intake = null;
        if (opened != null) {
            opened.close();
        }
    }

    // Messages.
    // ------------------------------------------------------------------------------------------------------------

    /** Logs it. Returns the refusal in it; null: it is none. */
    @Nullable
    SmtpReply take(String stage, MilterVerdict verdict, @Nullable MailAddress sender, @Nullable MailAddress recipient) {
        log.ordered(verdict.action(), stage, verdict.text(), sender, recipient);
        return verdict.reply();
    }

    /** By which a message comes in. */
    IntakeSettings intake() {
        IntakeSettings inspecting = intake;
        return inspecting == null ? service.settings().intake() : inspecting;
    }

    /** It is a milter's, about a message, and is in the log. */
    boolean hasSaid(SmtpReply refusal) {
        return milters != null && milters.hasRefusedBy(refusal);
    }
}
