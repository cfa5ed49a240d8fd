// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.codec.smtp.SmtpCommand;
import dev.stafette.codec.smtp.SmtpCommand.BadCommand;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.smtp.SmtpVerb;
import dev.stafette.engine.restriction.Facts;
import dev.stafette.engine.restriction.RestrictionStage;
import dev.stafette.engine.restriction.Restrictions;
import java.util.EnumMap;
import java.util.Map;

/**
 * All verbs of the server; a new one is a row here, and a step if it has more to do than what stands below.
 * Thread: any; what the rows run is the event loop's.
 */
final class VerbTable {
    /**
     * @param endsGroup nothing may be pipelined behind it (RFC 2920 §3.1)
     * @param isJunk it is counted against smtpd_junk_command_limit
     */
    record Row(SmtpVerb verb, VerbStep step, boolean endsGroup, boolean isJunk) {
        /** It is taken in the clear where TLS is required (RFC 3207 §4); as by Postfix, so is what is no command. */
        boolean isFineBeforeTls() {
            return switch (verb) {
                case EHLO, HELO, NOOP, QUIT, STARTTLS, UNKNOWN -> true;
                default -> false;
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
        add(SmtpVerb.EHLO, VerbTable::hello, ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.HELO, VerbTable::hello, ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.MAIL, new MailStep(), false, false);
        add(SmtpVerb.RCPT, new RcptStep(), false, false);
        add(SmtpVerb.DATA, new DataStep(), ENDS_GROUP, false);
        add(SmtpVerb.BDAT, new BdatStep(), false, false);
        add(SmtpVerb.RSET, VerbTable::rset, false, IS_JUNK);
        add(SmtpVerb.NOOP, (session, noop) -> session.accept(SmtpPhrasebook.OK), ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.VRFY, RcptStep::verify, ENDS_GROUP, IS_JUNK);
        add(SmtpVerb.HELP, (session, help) -> session.accept(SmtpPhrasebook.HELP), false, IS_JUNK);
        add(SmtpVerb.QUIT, (session, quit) -> session.quit(SmtpPhrasebook.BYE), false, false);
        add(SmtpVerb.ETRN, new EtrnStep(), false, IS_JUNK);
        add(SmtpVerb.STARTTLS, new StartTlsStep(), false, false);
        add(SmtpVerb.AUTH, afterHello(new AuthStep()), ENDS_GROUP, false);
        add(SmtpVerb.XCLIENT, new XclientStep(), false, false);
        add(SmtpVerb.XFORWARD, new XforwardStep(), false, false);
        add(SmtpVerb.UNKNOWN, VerbTable::unknown, false, false);
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
            throw new IllegalStateException("verb without a row: " + verb);
        }
        return row;
    }

    /** EHLO and HELO (RFC 5321 §4.1.1.1). */
    private static Outcome hello(SmtpServerSession session, SmtpCommand command) {
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        ServerReplies replies = session.service().replies();
        SessionClient client = session.client();
        if (command instanceof SmtpCommand.Ehlo && client.standing().hiddenKeywords() == null) {
            session.log().warning("don't know what EHLO features to announce to " + client.text());
            return session.failForData("EHLO");
        }
        return command instanceof SmtpCommand.Ehlo ehlo
                ? hello(
                        session,
                        new Hello(ehlo.name(), true),
                        "EHLO",
                        replies.ehlo(
                                client.standing(),
                                client.mayXforward(),
                                session.tls().isOffered(),
                                session.state().isSecure()))
                : hello(session, new Hello(((SmtpCommand.Helo) command).name(), false), "HELO", replies.helo);
    }

    private static Outcome hello(SmtpServerSession session, Hello hello, String verb, SmtpReply welcome) {
        Restrictions restrictions = session.settings().restrictions();
        if (restrictions.isDelayed() || !restrictions.has(RestrictionStage.HELO)) {
            return tellMilters(session, verb, hello, welcome);
        }
        Facts facts = SessionFacts.of(session, session.client().standing(), hello.name());
        return session.ask(
                inquiry -> restrictions.at(
                        RestrictionStage.HELO, facts, inquiry, session.rulings().pending(RestrictionStage.HELO)),
                ruling -> {
                    SmtpReply refusal = session.rulings().takeOfHello(verb, ruling, hello.name());
                    if (refusal != null) {
                        return session.refuse(refusal);
                    }
                    return tellMilters(session, verb, hello, welcome);
                });
    }

    private static Outcome tellMilters(SmtpServerSession session, String verb, Hello hello, SmtpReply welcome) {
        return MilterTurn.helo(session, verb, hello, () -> welcome(session, hello, welcome));
    }

    private static Outcome welcome(SmtpServerSession session, Hello hello, SmtpReply reply) {
        session.introduce(hello);
        String hidden = hello.isExtended()
                ? HiddenKeywords.text(session.client().standing().hidden())
                : "";
        if (!hidden.isEmpty()) {
            session.log().info("discarding EHLO keywords: " + hidden);
        }
        return hello.isExtended() ? AuthOffer.accept(session, reply) : session.accept(reply);
    }

    /** RFC 5321 §4.1.1.5. */
    private static Outcome rset(SmtpServerSession session, SmtpCommand command) {
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        session.reset();
        return session.accept(SmtpPhrasebook.OK);
    }

    private static Outcome unknown(SmtpServerSession session, SmtpCommand command) {
        if (command instanceof BadCommand bad) {
            return session.refuse(bad.reply());
        }
        String text = command instanceof SmtpCommand.Unknown unknown ? unknown.text() : "";
        int space = text.indexOf(' ');
        return MilterTurn.unknown(session, space < 0 ? text : text.substring(0, space), SmtpPhrasebook.NOT_RECOGNIZED);
    }

    private static VerbStep afterHello(VerbStep step) {
        return (session, command) ->
                lacksHello(session) ? session.refuse(SmtpPhrasebook.NEED_HELLO) : step.run(session, command);
    }

    private static boolean lacksHello(SmtpServerSession session) {
        return session.settings().protocol().needsHello() && session.state().hello() == Hello.NONE;
    }
}
