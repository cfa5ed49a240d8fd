// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one check says.
 * Thread: any (a value).
 */
public final class Verdict {
    public static final Verdict OK = of(AccessAction.OK);
    public static final Verdict DUNNO = of(AccessAction.DUNNO);

    private static final SmtpReply SERVER_ERROR =
            SmtpReply.of(451, EnhancedStatus.of(4, 3, 5), "Server configuration error");

    /** An answer is on its way: nothing further is asked, since what has been judged is thrown away. */
    static final Verdict NOT_YET = fault(SERVER_ERROR);

    private final AccessAction action;
    private final @Nullable SmtpReply reply;
    private final boolean isFault;
    private final String argument;
    private final String text;
    private final @Nullable Continuation continuation;
    private final List<String> complaints;

    /**
     * The restrictions that a table names.
     *
     * @param subject what they are about
     * @param insteadOfOk what it means when they permit; null: that
     */
    record Continuation(
            RestrictionList list, Subject subject, @Nullable Verdict insteadOfOk) {}

    private Verdict(
            AccessAction action,
            @Nullable SmtpReply reply,
            boolean isFault,
            String argument,
            String text,
            @Nullable Continuation continuation,
            List<String> complaints) {
        this.action = action;
        this.reply = reply;
        this.isFault = isFault;
        this.argument = argument;
        this.text = text;
        this.continuation = continuation;
        this.complaints = complaints;
    }

    private static Verdict of(AccessAction action) {
        return new Verdict(action, null, false, "", "", null, List.of());
    }

    private static Verdict of(AccessAction action, SmtpReply reply, boolean isFault) {
        return new Verdict(action, reply, isFault, "", "", null, List.of());
    }

    /** As {@link #OK}, with a line for the log. */
    static Verdict permit(String text) {
        return new Verdict(AccessAction.OK, null, false, "", text, null, List.of());
    }

    public static Verdict reject(SmtpReply reply) {
        return of(AccessAction.REJECT, reply, false);
    }

    public static Verdict defer(SmtpReply reply) {
        return of(AccessAction.DEFER, reply, false);
    }

    public static Verdict deferIfPermit(SmtpReply reply) {
        return of(AccessAction.DEFER_IF_PERMIT, reply, false);
    }

    public static Verdict deferIfReject(SmtpReply reply) {
        return of(AccessAction.DEFER_IF_REJECT, reply, false);
    }

    /** The check could not be made: a table does not answer. Not even {@code warn_if_reject} passes over this. */
    public static Verdict fault(SmtpReply reply) {
        return of(AccessAction.DEFER, reply, true);
    }

    /** The check cannot be made as it is written; {@code complaints} say why, in the log. */
    public static Verdict serverError(String... complaints) {
        return new Verdict(AccessAction.DEFER, SERVER_ERROR, true, "", "", null, List.of(complaints));
    }

    /** {@code text}: for the log. */
    public static Verdict effect(AccessAction action, String argument, String text) {
        return new Verdict(action, null, false, argument, text, null, List.of());
    }

    /** As long as a table does not say something else: nothing, but the log says why. */
    public static Verdict nothing(String complaint) {
        return DUNNO.withComplaint(complaint);
    }

    /** A table has named restrictions for this key. */
    public static Verdict continueWith(RestrictionList restrictions, Subject subject, @Nullable Verdict insteadOfOk) {
        return new Verdict(
                AccessAction.RESTRICTIONS,
                null,
                false,
                "",
                "",
                new Continuation(restrictions, subject, insteadOfOk),
                List.of());
    }

    /** The same, and the log has one more thing to say of the configuration. */
    public Verdict withComplaint(String complaint) {
        return new Verdict(action, reply, isFault, argument, text, continuation, List.of(complaint));
    }

    /** The same, and where this one, or what comes of the restrictions it names, is OK, another. */
    public Verdict withoutOk(Verdict instead) {
        return switch (action) {
            case OK -> instead;
            case RESTRICTIONS ->
                continueWith(continuation().list(), continuation().subject(), instead);
            default -> this;
        };
    }

    public AccessAction action() {
        return action;
    }

    /** Of a refusal, now or if something else permits or refuses. */
    SmtpReply reply() {
        SmtpReply given = reply;
        if (given == null) {
            throw new IllegalStateException(action + " has no reply");
        }
        return given;
    }

    boolean isFault() {
        return isFault;
    }

    /** A header line, an address, a transport and next hop, a number of seconds. */
    String argument() {
        return argument;
    }

    String text() {
        return text;
    }

    /** What is wrong with the configuration, for the log. */
    List<String> complaints() {
        return complaints;
    }

    Continuation continuation() {
        Continuation given = continuation;
        if (given == null) {
            throw new IllegalStateException(action + " has no restrictions");
        }
        return given;
    }
}
