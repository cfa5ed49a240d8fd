// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;
import dev.stafette.engine.rewrite.AddressMappings;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.rewrite.AddressUse;
import dev.stafette.engine.rewrite.MappingRun;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a filter wants changed in an envelope, in its order. Addresses that it names go through the maps as if they had come with
 * the message; one that it takes away goes with all that the maps have made of it.
 * Thread: event loop.
 */
public final class EnvelopeChanges {
    /** Of an address field. */
    private static final int TOKENS_MAX = 1000;

    private final List<Change> changes = new ArrayList<>();

    private sealed interface Change {}

    private record Sender(MailAddress address) implements Change {}

    private record Added(EnvelopeRecipient recipient) implements Change {}

    private record Deleted(MailAddress address) implements Change {}

    /** Who gets it instead of all that are there in the end; null: they do. */
    private @Nullable String redirect;

    /** What the parameters of a new sender say; null: nothing. */
    private @Nullable DsnReturn returned;

    private @Nullable String envelopeId;

    public int count() {
        return changes.size();
    }

    /** As it stands in a command or a header: with or without angle brackets. */
    public void setSender(String address) {
        changes.add(new Sender(address(address)));
    }

    public void setReturned(DsnReturn wanted) {
        returned = wanted;
    }

    public void setEnvelopeId(String xtext) {
        envelopeId = xtext;
    }

    /** Returns false for nobody. {@code original}: as ORCPT has it. */
    public boolean tryAdd(String address, int notifyBits, @Nullable String original) {
        MailAddress added = address(address);
        if (added.isNull()) {
            return false;
        }
        changes.add(new Added(new EnvelopeRecipient(added, notifyBits, original)));
        return true;
    }

    public void delete(String address) {
        changes.add(new Deleted(address(address)));
    }

    /** Nobody hears of that one. */
    void copyTo(String address) {
        changes.add(new Added(new EnvelopeRecipient(RedirectStep.address(address), DsnNotify.NEVER, null)));
    }

    /** That one gets the message instead of its recipients, whatever maps say of it. */
    void redirect(String address) {
        redirect = address;
    }

    /** These, and then those. */
    public void addAll(EnvelopeChanges later) {
        changes.addAll(later.changes);
        returned = later.returned == null ? returned : later.returned;
        envelopeId = later.envelopeId == null ? envelopeId : later.envelopeId;
        redirect = later.redirect == null ? redirect : later.redirect;
    }

    /** The first, if there are several. */
    private static MailAddress address(String text) {
        List<AddressList.Item> items = AddressList.parse(text, TOKENS_MAX, 1);
        return items.isEmpty()
                ? MailAddress.NULL
                : AddressList.split(items.get(0).address());
    }

    /** Makes the changes; without a recipient that is left, the message comes to nothing. */
    public StepOutcome apply(MessageDraft message) {
        if (changes.isEmpty() && redirect == null) {
            return StepOutcome.DONE;
        }
        Envelope given = message.envelope();
        AddressRules rules = message.settings().addresses();
        StepOutcome outcome =
                AddressJudgement.run(message, run -> changed(given, rules, run), MessageDraft::setEnvelope);
        return outcome == StepOutcome.DONE && message.envelope().recipients().isEmpty() ? StepOutcome.DISCARD : outcome;
    }

    private Envelope changed(Envelope given, AddressRules rules, MappingRun run) {
        AddressMappings mappings = rules.mappings();
        MailAddress sender = given.sender();
        List<EnvelopeRecipient> recipients = new ArrayList<>(given.recipients());
        for (Change change : changes) {
            if (change instanceof Sender to) {
                sender = mappings.map(complete(to.address(), rules), AddressUse.ENVELOPE_SENDER, run);
            } else if (change instanceof Added added) {
                EnvelopeRecipient one =
                        added.recipient().at(complete(added.recipient().address(), rules));
                recipients.addAll(mappings.map(Envelope.of(MailAddress.NULL, List.of(one)), false, run)
                        .recipients());
            } else if (change instanceof Deleted deleted) {
                MailAddress whole = complete(deleted.address(), rules);
                recipients.removeIf(one -> isOf(one, deleted.address()) || isOf(one, whole));
            }
        }
        RecipientList each = new RecipientList(recipients.size());
        recipients.forEach(each::add);
        Envelope changed = given.with(sender, each.recipients());
        if (redirect != null) {
            changed = RedirectStep.redirected(changed, redirect);
        }
        return returned == null && envelopeId == null
                ? changed
                : changed.withReports(
                        returned == null ? given.dsnReturn() : returned,
                        envelopeId == null ? given.envelopeId() : envelopeId);
    }

    private static MailAddress complete(MailAddress address, AddressRules rules) {
        AddressRewriter local = rules.local();
        return local == null || address.isNull() ? address : local.complete(address);
    }

    private static boolean isOf(EnvelopeRecipient recipient, MailAddress address) {
        return recipient.given().equals(address.external());
    }
}
