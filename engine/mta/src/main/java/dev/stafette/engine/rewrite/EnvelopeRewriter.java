// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;
import dev.stafette.engine.table.Inquiry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the addresses of an envelope on their way in: the same for mail from the network, from local programs, and
 * for queued mail that comes in again.
 * Thread: any (it does not change).
 *
 * <pre>
 * sender      complete form
 * recipient   complete form → route in the local part followed → each address once
 * </pre>
 * A session asks address by address, since it answers for each; the others have a whole envelope. Maps that exchange, add
 * or multiply addresses follow when the message is there ({@link AddressMappings}).
 */
public final class EnvelopeRewriter {
    private final AddressRewriter addresses;

    public EnvelopeRewriter(AddressRewriter addresses) {
        this.addresses = addresses;
    }

    /** The null address stays. */
    public MailAddress sender(MailAddress given) {
        return addresses.complete(given);
    }

    /**
     * Where mail for a recipient goes; null when the route in its local part leads to no address.
     *
     * @param smtpUtf8 the address may have a domain in another script
     */
    public @Nullable MailAddress tryRecipient(MailAddress given, boolean smtpUtf8, Inquiry inquiry) {
        return addresses.tryFollow(given, smtpUtf8, inquiry);
    }

    /** As {@link #tryRecipient}; what leads nowhere stays as it is, in its complete form, and what is for nobody has a place. */
    public MailAddress recipient(MailAddress given, Inquiry inquiry) {
        return addresses.follow(given.isNull() ? addresses.nobody() : given, inquiry);
    }

    /** Whether an address, of a sender too, names a route that leads to no address. */
    public boolean leadsNowhere(MailAddress given, boolean smtpUtf8, Inquiry inquiry) {
        return AddressRewriter.isRouted(given) && addresses.tryFollow(given, smtpUtf8, inquiry) == null;
    }

    /** The whole envelope of a message whose sender is not there to be refused: what leads nowhere stays as it is. */
    public Envelope rewrite(Envelope given, Inquiry inquiry) {
        MailAddress sender = sender(given.sender());
        List<EnvelopeRecipient> recipients = given.recipients();
        RecipientList rewritten = new RecipientList(recipients.size());
        for (int i = 0; i < recipients.size(); i++) {
            addTo(rewritten, recipients.get(i), inquiry);
        }
        return given.with(sender, rewritten.recipients());
    }

    private void addTo(RecipientList all, EnvelopeRecipient given, Inquiry inquiry) {
        all.add(given.at(recipient(given.address(), inquiry)));
    }
}
