// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Inquiry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lists of restrictions of one service.
 * Thread: any (it does not change).
 *
 * <pre>
 * smtpd_delay_reject = yes   at RCPT and VRFY: client, helo, sender, relay, recipient; at ETRN: client, helo, etrn
 *                    = no    each at its own command
 * </pre>
 * Behind the list of the sender stands whether the sender exists, if that is wanted, and behind that of the recipient whether
 * the recipient does. A list that permits ends itself alone; any may refuse.
 */
public final class Restrictions {
    /** By the stage's number. */
    private final RestrictionList[] lists;

    /** Whether sender and recipient exist: not even a list that permits ends before this. */
    private final RestrictionList senderExistence;

    private final RestrictionList recipientExistence;
    private final boolean isDelayed;
    private final RestrictionStage[] atRecipient;

    Restrictions(
            Map<RestrictionStage, RestrictionList> lists,
            RestrictionList senderExistence,
            RestrictionList recipientExistence,
            boolean isDelayed,
            boolean relayFirst) {
        this.lists = Stream.of(RestrictionStage.values())
                .map(stage -> lists.getOrDefault(stage, RestrictionList.EMPTY))
                .toArray(RestrictionList[]::new);
        this.senderExistence = senderExistence;
        this.recipientExistence = recipientExistence;
        this.isDelayed = isDelayed;
        this.atRecipient = relayFirst
                ? new RestrictionStage[] {RestrictionStage.RELAY, RestrictionStage.RECIPIENT}
                : new RestrictionStage[] {RestrictionStage.RECIPIENT, RestrictionStage.RELAY};
    }

    /** {@code tables}: opens those that the settings name. Throws a ConfigException where anybody could relay. */
    public static Restrictions of(Settings settings, ListTables tables, RestrictionSources sources) {
        Map<String, List<String>> classes = settings.restrictionClasses();
        check(settings);
        RestrictionParser parser =
                new RestrictionParser(RestrictionTable.ROWS, classes, RestrictionParts.of(settings, tables, sources));
        Map<RestrictionStage, RestrictionList> lists = new EnumMap<>(RestrictionStage.class);
        for (RestrictionStage stage : RestrictionStage.values()) {
            lists.put(stage, parser.parse(stage, settings.restrictions(stage.parameter())));
        }
        return new Restrictions(
                lists,
                settings.flag("smtpd_reject_unlisted_sender")
                        ? parser.parse(RestrictionStage.SENDER, List.of(RestrictionTable.UNLISTED_SENDER))
                        : RestrictionList.EMPTY,
                settings.flag("smtpd_reject_unlisted_recipient")
                        ? parser.parse(RestrictionStage.RECIPIENT, List.of(RestrictionTable.UNLISTED_RECIPIENT))
                        : RestrictionList.EMPTY,
                settings.flag("smtpd_delay_reject"),
                settings.flag("smtpd_relay_before_recipient_restrictions"));
    }

    /** Without tables: throws a ConfigException for what a server must not start with. */
    public static void check(Settings settings) {
        new OpenRelayGuard(settings.restrictionClasses())
                .check(
                        settings.restrictions(RestrictionStage.RELAY.parameter()),
                        settings.restrictions(RestrictionStage.RECIPIENT.parameter()));
    }

    /** Whether client, greeting and sender are judged when there is a recipient, and not before. */
    public boolean isDelayed() {
        return isDelayed;
    }

    /** Of a recipient. {@code ifPermitted}: of the ruling on the sender, where that is not delayed. */
    public Ruling atRecipient(Facts facts, Inquiry inquiry, @Nullable SmtpReply ifPermitted) {
        RecipientFacts recipient = facts.recipient();
        if (recipient != null && recipient.isBarePostmaster()) {
            return Ruling.WELCOME;
        }
        Evaluation evaluation = new Evaluation(facts, inquiry, ifPermitted);
        if (isDelayed) {
            walk(evaluation, RestrictionStage.CLIENT);
            walk(evaluation, RestrictionStage.HELO);
            if (facts.sender() != null) {
                walkSender(evaluation, facts);
            }
        }
        evaluation.beginStage();
        for (RestrictionStage stage : atRecipient) {
            evaluation.walk(stage.subject(), list(stage));
        }
        evaluation.endLists();
        if (!evaluation.isDiscarded() && !evaluation.hasChecked(Subject.RECIPIENT)) {
            evaluation.walk(Subject.RECIPIENT, recipientExistence);
        }
        return evaluation.ruling();
    }

    private void walk(Evaluation evaluation, RestrictionStage stage) {
        evaluation.beginStage();
        evaluation.walk(stage.subject(), list(stage));
    }

    private void walkSender(Evaluation evaluation, Facts facts) {
        walk(evaluation, RestrictionStage.SENDER);
        MailAddress sender = facts.sender();
        if (!evaluation.isDiscarded() && !evaluation.hasChecked(Subject.SENDER) && sender != null && !sender.isNull()) {
            evaluation.walk(Subject.SENDER, senderExistence);
        }
    }

    /** Of a client, a greeting or a sender, where that is not delayed. {@code ifPermitted}: of the rulings before. */
    public Ruling at(RestrictionStage stage, Facts facts, Inquiry inquiry, @Nullable SmtpReply ifPermitted) {
        Evaluation evaluation = new Evaluation(facts, inquiry, ifPermitted);
        if (stage == RestrictionStage.SENDER) {
            walkSender(evaluation, facts);
        } else {
            walk(evaluation, stage);
        }
        return evaluation.ruling();
    }

    /** Of DATA, or of the end of the content. */
    public Ruling atContent(RestrictionStage stage, Facts facts, Inquiry inquiry) {
        Evaluation evaluation = new Evaluation(facts, inquiry, null);
        walk(evaluation, stage);
        evaluation.endLists();
        return evaluation.ruling();
    }

    /** Of ETRN. {@code ifPermitted}: of the ruling on the greeting, where that is not delayed. */
    public Ruling atEtrn(Facts facts, Inquiry inquiry, @Nullable SmtpReply ifPermitted) {
        Evaluation evaluation = new Evaluation(facts, inquiry, ifPermitted);
        if (isDelayed) {
            walk(evaluation, RestrictionStage.CLIENT);
            walk(evaluation, RestrictionStage.HELO);
        }
        walk(evaluation, RestrictionStage.ETRN);
        evaluation.endLists();
        return evaluation.ruling();
    }

    /** Whether that list has anything to say. */
    public boolean has(RestrictionStage stage) {
        return !list(stage).steps().isEmpty()
                || stage == RestrictionStage.SENDER && !senderExistence.steps().isEmpty();
    }

    private RestrictionList list(RestrictionStage stage) {
        return lists[stage.ordinal()];
    }

    /** The answer to an address as long as a table does not answer. */
    public static SmtpReply lookupFailure(MailAddress address) {
        return SmtpReply.of(
                451, EnhancedStatus.of(4, 3, 0), "<" + Facts.plain(address) + ">: Temporary lookup failure");
    }

    /** A table does not answer. */
    static Verdict lookupFailed(Facts facts) {
        RecipientFacts recipient = facts.recipient();
        MailAddress sender = facts.givenSender() == null ? MailAddress.NULL : facts.givenSender();
        return Verdict.fault(lookupFailure(recipient == null ? sender : recipient.recipient()));
    }
}
