// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.policy;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.codec.status.EnhancedStatus;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.policy.RestrictionList.Named;
import dev.stafette.engine.rewrite.AddressClass;
import dev.stafette.engine.table.Inquiry;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether a recipient is welcome: the relay restrictions, then whether it exists.
 * Thread: any (it does not change).
 *
 * <p>Further lists of main.cf find their place in {@link #lists}; each may permit and end itself, and any may refuse.
 */
public final class RecipientPolicy {
    private final List<RestrictionList> lists;

    private RecipientPolicy(List<RestrictionList> lists) {
        this.lists = List.copyOf(lists);
    }

    /**
     * @param relayRestrictions names of checks
     * @param unlistedCode the answer to a local recipient that is not known; 0: that is not looked at
     */
    public static RecipientPolicy of(
            List<String> relayRestrictions,
            int relayCode,
            int rejectCode,
            LocalRecipients localRecipients,
            int unlistedCode) {
        RestrictionList relay = new RelayRestrictions(relayCode, rejectCode).list(relayRestrictions);
        RestrictionList existence = new RestrictionList(List.of(new Named(
                "reject_unlisted_recipient",
                (facts, inquiry) -> existence(facts, localRecipients, unlistedCode, inquiry))));
        return new RecipientPolicy(unlistedCode == 0 ? List.of(relay) : List.of(relay, existence));
    }

    /** {@code tables}: opens those that the settings name. */
    public static RecipientPolicy of(Settings settings, ListTables tables) {
        return of(
                settings.restrictions("smtpd_relay_restrictions"),
                settings.count("relay_domains_reject_code"),
                settings.count("reject_code"),
                new LocalRecipients(
                        settings.tables("local_recipient_maps", tables), settings.text("recipient_delimiter")),
                settings.flag("smtpd_reject_unlisted_recipient")
                        ? settings.count("unknown_local_recipient_reject_code")
                        : 0);
    }

    /** The answer to an address as long as a table does not answer. */
    public static SmtpReply lookupFailure(MailAddress address) {
        return SmtpReply.of(451, EnhancedStatus.of(4, 3, 0), "<" + address.external() + ">: Temporary lookup failure");
    }

    /** Null when the recipient is welcome. */
    public @Nullable SmtpReply refusal(RecipientFacts facts, Inquiry inquiry) {
        if (facts.isBarePostmaster()) {
            return null;
        }
        for (int i = 0; i < lists.size(); i++) {
            SmtpReply refusal = lists.get(i).check(facts, inquiry).refusal();
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static Verdict existence(RecipientFacts facts, LocalRecipients known, int code, Inquiry inquiry) {
        if (facts.targetClass() == AddressClass.UNKNOWN) {
            return RelayRestrictions.lookupFailed(facts);
        }
        // RFC 5321 §4.5.1: the postmaster of a domain of ours exists.
        if (facts.targetClass() != AddressClass.LOCAL
                || facts.target().localPart().toLowerCase(Locale.ROOT).equals("postmaster")) {
            return Verdict.DUNNO;
        }
        return switch (known.find(facts.target(), inquiry)) {
            case FOUND -> Verdict.DUNNO;
            case UNAVAILABLE -> RelayRestrictions.lookupFailed(facts);
            case NOT_FOUND ->
                Verdict.refuse(SmtpReply.of(
                        code,
                        EnhancedStatus.of(code / 100, 1, 1),
                        "<" + facts.recipient().external()
                                + ">: Recipient address rejected: User unknown in local recipient table"));
        };
    }
}
