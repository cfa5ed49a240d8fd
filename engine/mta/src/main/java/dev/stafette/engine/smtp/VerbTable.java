// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.engine.metrics.Stage;
import dev.stafette.engine.smtp.RefuseStep.Order;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All verbs of the server; a new one is a step and a row here.
 * Thread: any.
 */
final class VerbTable {
    /**
     * @param endsGroup nothing may be pipelined behind it (RFC 2920 §3.1)
     * @param isJunk it is counted against smtpd_junk_command_limit
     */
    record Row(SmtpVerb verb, VerbStep step, boolean endsGroup, boolean isJunk) {
        /** What the time from the command to its reply is recorded as; null: it is not. */
        @Nullable
        Stage stage() {
            return switch (verb) {
                case MAIL -> Stage.MAIL;
                case RCPT -> Stage.RCPT;
                case DATA -> Stage.DATA;
                default -> null;
            };
        }
    }

    private static final boolean ENDS_GROUP = true;
    private static final boolean IS_JUNK = true;

    /** For what is no command, and for what smtpd_noop_commands names. */
    static final Row UNKNOWN;

    static final Row NOOP;

    private static final Map<SmtpVerb, Row> ROWS = new EnumMap<>(SmtpVerb.class);

    static {
        add(SmtpVerb.EHLO, new HelloStep(), ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.HELO, new HelloStep(), ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.MAIL, new MailStep(), false, false);
        add(SmtpVerb.RCPT, new RcptStep(), false, false);
        add(SmtpVerb.DATA, new DataStep(), ENDS_GROUP, false);
        add(SmtpVerb.BDAT, new BdatStep(), false, false);
        add(SmtpVerb.RSET, new ResetStep(), false, IS_JUNK);
        add(SmtpVerb.NOOP, new NoopStep(), ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.VRFY, new VerifyStep(), ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.HELP, new HelpStep(), false, IS_JUNK);
        add(SmtpVerb.QUIT, new QuitStep(), false, false);
        add(SmtpVerb.ETRN, new EtrnStep(), false, IS_JUNK);
        add(SmtpVerb.STARTTLS, new RefuseStep(SmtpPhrasebook.NOT_IMPLEMENTED, Order.ANY), false, false);
        add(SmtpVerb.AUTH, new RefuseStep(SmtpPhrasebook.AUTH_DISABLED, Order.AFTER_HELLO), false, false);
        add(SmtpVerb.XCLIENT, new RefuseStep(SmtpPhrasebook.UNAUTHORIZED, Order.OUTSIDE_TRANSACTION), false, false);
        add(SmtpVerb.XFORWARD, new RefuseStep(SmtpPhrasebook.UNAUTHORIZED, Order.OUTSIDE_TRANSACTION), false, false);
        add(SmtpVerb.UNKNOWN, new RefuseStep(SmtpPhrasebook.NOT_RECOGNIZED, Order.ANY), false, false);
        UNKNOWN = of(SmtpVerb.UNKNOWN);
        NOOP = of(SmtpVerb.NOOP);
    }

    private VerbTable() {}

    private static void add(SmtpVerb verb, VerbStep step, boolean endsGroup, boolean isJunk) {
        ROWS.put(verb, new Row(verb, step, endsGroup, isJunk));
    }

    static Row of(SmtpVerb verb) {
        Row row = ROWS.get(verb);
        if (row == null) {
            throw new IllegalStateException("verb without a step: " + verb);
        }
        return row;
    }
}
