// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import dev.stafette.codec.address.MailAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of a message while they are collected: one that is named twice gets the message once, as it was named first.
 * Thread: its owner's.
 */
public final class RecipientList {
    /** From here on, a set is quicker than looking at each. */
    private static final int FEW = 16;

    // Owned by the owner.
    private final List<EnvelopeRecipient> all;
    private @Nullable Set<MailAddress> many;

    public RecipientList() {
        this(1);
    }

    /** @param expectedCount how many there will be, or fewer */
    public RecipientList(int expectedCount) {
        this.all = new ArrayList<>(expectedCount);
    }

    /** False: it is there already. */
    public boolean add(EnvelopeRecipient recipient) {
        boolean isNew = isNew(recipient.address());
        if (isNew) {
            all.add(recipient);
        }
        return isNew;
    }

    private boolean isNew(MailAddress address) {
        if (many != null) {
            return many.add(address);
        }
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).address().equals(address)) {
                return false;
            }
        }
        if (all.size() == FEW) {
            Set<MailAddress> known = new HashSet<>();
            all.forEach(one -> known.add(one.address()));
            known.add(address);
            many = known;
        }
        return true;
    }

    public int size() {
        return all.size();
    }

    /** In the order in which they came; to be read only, and until the next one is added. */
    public List<EnvelopeRecipient> recipients() {
        return all;
    }
}
