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

/**
 * The lists of restrictions of one service.
 * Thread: any (it does not change).
 *
 * <p>At RCPT all lists up to that of the recipient are looked at in order; behind that of the sender, whether the sender exists,
 * and last, whether the recipient does. A list that permits ends itself alone; any may refuse.
 */
public final class Restrictions {
    private static final RestrictionStage[] AT_RECIPIENT = {
        RestrictionStage.CLIENT,
        RestrictionStage.HELO,
        RestrictionStage.SENDER,
        RestrictionStage.RELAY,
        RestrictionStage.RECIPIENT
    };

    private final Map<RestrictionStage, RestrictionList> lists = new EnumMap<>(RestrictionStage.class);

    /** Whether sender and recipient exist: not even a list that permits ends before this. */
    private final Map<RestrictionStage, RestrictionList> existence = new EnumMap<>(RestrictionStage.class);

    Restrictions(Map<RestrictionStage, RestrictionList> lists, Map<RestrictionStage, RestrictionList> existence) {
        this.lists.putAll(lists);
        this.existence.putAll(existence);
    }

    /** {@code tables}: opens those that the settings name. */
    public static Restrictions of(Settings settings, ListTables tables) {
        RestrictionParser parser =
                new RestrictionParser(RestrictionTable.ROWS, Map.of(), RestrictionParts.of(settings, tables));
        RestrictionStage relay = RestrictionStage.RELAY;
        return new Restrictions(
                Map.of(relay, parser.parseClosed(relay, settings.restrictions(relay.parameter()))),
                Map.of(
                        RestrictionStage.SENDER,
                        existence(parser, settings, RestrictionStage.SENDER, "smtpd_reject_unlisted_sender"),
                        RestrictionStage.RECIPIENT,
                        existence(parser, settings, RestrictionStage.RECIPIENT, "smtpd_reject_unlisted_recipient")));
    }

    private static RestrictionList existence(
            RestrictionParser parser, Settings settings, RestrictionStage stage, String parameter) {
        List<String> implied = List.of(parameter.substring("smtpd_".length()));
        return parser.parse(stage, settings.flag(parameter) ? implied : List.of());
    }

    /** Of a recipient. */
    public Ruling atRecipient(Facts facts, Inquiry inquiry) {
        RecipientFacts recipient = facts.recipient();
        if (recipient != null && recipient.isBarePostmaster()) {
            return Ruling.WELCOME;
        }
        Evaluation evaluation = new Evaluation(facts, inquiry);
        for (RestrictionStage stage : AT_RECIPIENT) {
            if (!evaluation.isOver()) {
                evaluation.walk(stage, list(stage));
            }
            if (!evaluation.isOver()) {
                evaluation.walk(stage, existence.getOrDefault(stage, RestrictionList.EMPTY));
            }
        }
        return evaluation.ruling();
    }

    /** Of another command, by its list alone. */
    public Ruling at(RestrictionStage stage, Facts facts, Inquiry inquiry) {
        Evaluation evaluation = new Evaluation(facts, inquiry);
        evaluation.walk(stage, list(stage));
        return evaluation.ruling();
    }

    private RestrictionList list(RestrictionStage stage) {
        return lists.getOrDefault(stage, RestrictionList.EMPTY);
    }

    /** The answer to an address as long as a table does not answer. */
    public static SmtpReply lookupFailure(MailAddress address) {
        return SmtpReply.of(451, EnhancedStatus.of(4, 3, 0), "<" + address.external() + ">: Temporary lookup failure");
    }

    /** A table does not answer. */
    static Verdict lookupFailed(Facts facts) {
        RecipientFacts recipient = facts.recipient();
        MailAddress sender = facts.sender() == null ? MailAddress.NULL : facts.sender();
        return Verdict.fault(lookupFailure(recipient == null ? sender : recipient.recipient()));
    }
}
