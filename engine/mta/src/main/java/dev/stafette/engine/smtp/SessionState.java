// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.delivery.tls.TlsSession;
import dev.stafette.engine.metrics.Meter;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.restriction.RestrictionStage;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a session has come, apart from what is said and logged about it: its phase, the command in work, who the client
 * says it is, its transaction, and its errors.
 * Thread: event loop.
 */
final class SessionState {
    enum Phase {
        GREETING,
        COMMAND,
        LOOKUP,
        AUTH,
        HANDSHAKE,
        CONTENT,
        COMMITTING,
        CLOSED
    }

    private static final String AFTER_CONNECT = "CONNECT";
    static final String AFTER_CONTENT = "END-OF-MESSAGE";

    // Owned by the session.
    private Phase phase = Phase.GREETING;
    private Hello hello = Hello.NONE;
    private @Nullable Transaction transaction;
    private @Nullable TlsSession tls;
    private SmtpVerb verb = SmtpVerb.UNKNOWN;
    private boolean isJunk;
    /** The command has not ended yet: it counts before the session does. */
    private boolean inCommand;
    /** The process stops: the session ends with the command. */
    private boolean stopping;

    private String lastCommand = AFTER_CONNECT;
    private boolean isCommitting;
    /** When the current command came, or the end of the content. */
    private long commandNs;

    /** Of client, HELO and sender, where those are not judged with the recipient. */
    private final Map<RestrictionStage, SmtpReply> deferrals = new EnumMap<>(RestrictionStage.class);

    private @Nullable SmtpReply denial;
    private int errorCount;
    private int junkCount;
    /** The client has not waited where it must. */
    private boolean pipelined;

    Phase phase() {
        return phase;
    }

    void setPhase(Phase next) {
        assert phase != Phase.CLOSED : "closed → " + next;
        phase = next;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    Hello hello() {
        return hello;
    }

    void setHello(Hello said) {
        hello = said;
    }

    /** What the handshake has agreed on; null: the session is in the clear. */
    @Nullable
    TlsSession tls() {
        return tls;
    }

    /** Nobody on the way can read it. */
    boolean isSecure() {
        return tls != null;
    }

    void setTls(TlsSession established) {
        tls = established;
    }

    @Nullable
    Transaction transaction() {
        return transaction;
    }

    void setTransaction(@Nullable Transaction opened) {
        transaction = opened;
    }

    /** Null before the first recipient of a message. */
    @Nullable
    String queueIdText() {
        return transaction == null ? null : transaction.queueIdText();
    }

    // The command in work. -------------------------------------------------------------------------------------------

    void begin(SmtpVerb said, boolean isJunkCommand, long nowNs) {
        verb = said;
        isJunk = isJunkCommand;
        inCommand = true;
        lastCommand = said.name();
        isCommitting = false;
        commandNs = nowNs;
    }

    /** The content has ended; its answer is waited for. */
    void beginCommit(long nowNs) {
        lastCommand = AFTER_CONTENT;
        isCommitting = true;
        commandNs = nowNs;
    }

    void endCommand() {
        inCommand = false;
    }

    SmtpVerb verb() {
        return verb;
    }

    boolean isInCommand() {
        return inCommand;
    }

    /** As the log says where a session stopped. */
    String lastCommand() {
        return lastCommand;
    }

    long commandNs() {
        return commandNs;
    }

    /** What the time from the command to its reply is recorded as; null: it is not. */
    @Nullable
    Stage stage() {
        if (isCommitting) {
            return Stage.END_OF_DATA;
        }
        return switch (verb) {
            case MAIL -> Stage.MAIL;
            case RCPT -> Stage.RCPT;
            case DATA -> Stage.DATA;
            default -> null;
        };
    }

    // Errors. --------------------------------------------------------------------------------------------------------

    int errorCount() {
        return errorCount;
    }

    boolean isPipelined() {
        return pipelined;
    }

    void notePipelined() {
        pipelined = true;
    }

    void addError() {
        errorCount++;
    }

    /** Junk commands beyond the limit are errors. */
    void countJunk(int junkCommandsMax) {
        if (isJunk && junkCount++ > junkCommandsMax) {
            errorCount++;
        }
    }

    /** A message was accepted: errors and junk commands are counted anew. */
    void forgive() {
        errorCount = 0;
        junkCount = 0;
    }

    // Rulings before there is a recipient. --------------------------------------------------------------------------

    /** {@code refusal}: of the client itself; null: it is welcome. */
    void deny(@Nullable SmtpReply refusal) {
        denial = refusal;
    }

    @Nullable
    SmtpReply denial() {
        return denial;
    }

    void setDeferral(RestrictionStage stage, @Nullable SmtpReply ifPermitted) {
        if (ifPermitted == null) {
            deferrals.remove(stage);
        } else {
            deferrals.put(stage, ifPermitted);
        }
    }

    /** The first that is left of {@code defer_if_permit} by what comes before {@code stage}; null: none. */
    @Nullable
    SmtpReply pendingDeferral(RestrictionStage stage) {
        for (Map.Entry<RestrictionStage, SmtpReply> deferral : deferrals.entrySet()) {
            if (deferral.getKey().compareTo(stage) < 0) {
                return deferral.getValue();
            }
        }
        return null;
    }

    // The end. -------------------------------------------------------------------------------------------------------

    boolean isStopping() {
        return stopping;
    }

    void stopAfterCommand() {
        stopping = true;
    }

    /** How long the command has taken, where that is of interest. */
    void recordTime(Meter meter, long nowNs) {
        Stage stage = stage();
        if (stage != null) {
            meter.record(stage, nowNs - commandNs());
        }
    }
}
