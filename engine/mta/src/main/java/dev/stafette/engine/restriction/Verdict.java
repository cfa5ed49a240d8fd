// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.smtp.SmtpReply;
import org.jspecify.annotations.Nullable;

/**
 * What one check says.
 * Thread: any (a value).
 */
public final class Verdict {
    public static final Verdict OK = new Verdict(AccessAction.OK, null, false, "", null);
    public static final Verdict DUNNO = new Verdict(AccessAction.DUNNO, null, false, "", null);

    private final AccessAction action;
    private final @Nullable SmtpReply reply;
    private final boolean isFault;
    private final String argument;
    private final @Nullable RestrictionList restrictions;

    private Verdict(
            AccessAction action,
            @Nullable SmtpReply reply,
            boolean isFault,
            String argument,
            @Nullable RestrictionList restrictions) {
        this.action = action;
        this.reply = reply;
        this.isFault = isFault;
        this.argument = argument;
        this.restrictions = restrictions;
    }

    public static Verdict reject(SmtpReply reply) {
        return new Verdict(AccessAction.REJECT, reply, false, "", null);
    }

    public static Verdict defer(SmtpReply reply) {
        return new Verdict(AccessAction.DEFER, reply, false, "", null);
    }

    public static Verdict deferIfPermit(SmtpReply reply) {
        return new Verdict(AccessAction.DEFER_IF_PERMIT, reply, false, "", null);
    }

    public static Verdict deferIfReject(SmtpReply reply) {
        return new Verdict(AccessAction.DEFER_IF_REJECT, reply, false, "", null);
    }

    /** The check could not be made: a table does not answer. Not even {@code warn_if_reject} passes over this. */
    public static Verdict fault(SmtpReply reply) {
        return new Verdict(AccessAction.DEFER, reply, true, "", null);
    }

    /** {@code argument}: a header line, an address, a transport and next hop, a text for the log. */
    public static Verdict effect(AccessAction action, String argument) {
        return new Verdict(action, null, false, argument, null);
    }

    /** A table has named restrictions for this key. */
    public static Verdict continueWith(RestrictionList restrictions) {
        return new Verdict(AccessAction.RESTRICTIONS, null, false, "", restrictions);
    }

    public AccessAction action() {
        return action;
    }

    /** Whether nothing more of the list is looked at. */
    public boolean endsList() {
        return action.endsList();
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

    String argument() {
        return argument;
    }

    RestrictionList restrictions() {
        RestrictionList given = restrictions;
        if (given == null) {
            throw new IllegalStateException(action + " has no restrictions");
        }
        return given;
    }
}
