// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recipients of a message while they are collected: one that is named twice gets the message once, as it was named first.
 * Thread: its owner's.
 *
 * <p>The same are those with one address, case aside, of whom the sender has asked the same things under the same address: as
 * in Postfix, what was asked for differently is delivered for each.
 */
public final class RecipientList {
    /** Of duplicate_filter_limit: all are remembered. */
    public static final int UNLIMITED = 0;

    /** From here on, a set is quicker than looking at each. */
    private static final int FEW = 16;

    private final int rememberedMax;
    private final boolean byAddress;

    // Owned by the owner.
    private final List<EnvelopeRecipient> all;
    private @Nullable Set<Identity> many;

    private record Identity(
            String address,
            String given,
            int notifyBits,
            @Nullable String originalRecipient) {}

    public RecipientList() {
        this(1);
    }

    /** @param expectedCount how many there will be, or fewer */
    public RecipientList(int expectedCount) {
        this(expectedCount, UNLIMITED, false);
    }

    /**
     * @param rememberedMax so many are told apart from others (duplicate_filter_limit); {@link #UNLIMITED}: all
     * @param byAddress the address alone makes two the same, whatever was asked for (enable_original_recipient)
     */
    public RecipientList(int expectedCount, int rememberedMax, boolean byAddress) {
        this.all = new ArrayList<>(expectedCount);
        this.rememberedMax = rememberedMax == UNLIMITED ? Integer.MAX_VALUE : rememberedMax;
        this.byAddress = byAddress;
    }

    /** False: it is there already. */
    public boolean add(EnvelopeRecipient recipient) {
        boolean isNew = isNew(recipient);
        if (isNew) {
            all.add(recipient);
        }
        return isNew;
    }

    private boolean isNew(EnvelopeRecipient recipient) {
        Set<Identity> known = many;
        if (known != null) {
            Identity identity = identity(recipient);
            return known.size() < rememberedMax ? known.add(identity) : !known.contains(identity);
        }
        int remembered = Math.min(all.size(), rememberedMax);
        for (int i = 0; i < remembered; i++) {
            if (isSame(all.get(i), recipient)) {
                return false;
            }
        }
        if (all.size() == FEW) {
            Set<Identity> begun = new HashSet<>();
            for (int i = 0; i < remembered; i++) {
                begun.add(identity(all.get(i)));
            }
            if (begun.size() < rememberedMax) {
                begun.add(identity(recipient));
            }
            many = begun;
        }
        return true;
    }

    private boolean isSame(EnvelopeRecipient one, EnvelopeRecipient other) {
        return one.address().external().equalsIgnoreCase(other.address().external())
                && (byAddress
                        || one.notifyBits() == other.notifyBits()
                                && Objects.equals(one.originalRecipient(), other.originalRecipient())
                                && given(one).equalsIgnoreCase(given(other)));
    }

    private Identity identity(EnvelopeRecipient recipient) {
        String address = recipient.address().external().toLowerCase(Locale.ROOT);
        return byAddress
                ? new Identity(address, "", 0, null)
                : new Identity(
                        address,
                        given(recipient).toLowerCase(Locale.ROOT),
                        recipient.notifyBits(),
                        recipient.originalRecipient());
    }

    private static String given(EnvelopeRecipient recipient) {
        String given = recipient.givenAddress();
        return given == null ? recipient.address().external() : given;
    }

    public int size() {
        return all.size();
    }

    /** In the order in which they came; to be read only, and until the next one is added. */
    public List<EnvelopeRecipient> recipients() {
        return all;
    }
}
