// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.local;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import org.jspecify.annotations.Nullable;

/**
 * Where an expansion stands: for whom, on whose behalf, and with whose rights. A way of delivering works with a copy, so that
 * what it changes ends with it.
 * Thread: the delivery worker's.
 */
final class Standing {
    /** Through what the recipient was found. */
    enum Source {
        MESSAGE,
        ALIAS,
        FORWARD_FILE,
        INCLUDE_FILE
    }

    /** As Postfix counts, whose limit of nested expansions it is. */
    private static final int FIRST_LEVEL = -1;

    final int level;
    MailAddress address;
    int notifyBits;

    @Nullable
    String originalRecipient;
    /** Whom the sender asked for; empty: that is not told any more. */
    String given;

    MailAddress sender;
    /** Who answers for the list, or whose forward file it is: others than he get a message of their own. Null: nobody. */
    @Nullable
    String owner;
    /** The envelope id and the wish for whole messages were the sender's, who has no part in a list. */
    boolean isList;

    /** Whom Delivered-To tells; null: not said yet. */
    @Nullable
    MailAddress delivered;
    /** The name whose expansion this is. */
    @Nullable
    String expandedFrom;

    Source source = Source.MESSAGE;
    /** Whose rights files and programs have; null: root's, and so those of default_privs. */
    @Nullable
    UserAccount rights;

    // Of the address, as the last look at it found them.
    String local = "";
    String user = "";
    String domain = "";

    @Nullable
    String extension;
    /** The extension that no table has matched, which is passed on. */
    @Nullable
    String unmatched;

    Standing(Envelope envelope, EnvelopeRecipient recipient) {
        level = FIRST_LEVEL;
        address = recipient.address();
        notifyBits = recipient.notifyBits();
        originalRecipient = recipient.originalRecipient();
        given = recipient.given();
        sender = envelope.sender();
    }

    private Standing(Standing from, int level) {
        this.level = level;
        address = from.address;
        notifyBits = from.notifyBits;
        originalRecipient = from.originalRecipient;
        given = from.given;
        sender = from.sender;
        owner = from.owner;
        isList = from.isList;
        delivered = from.delivered;
        expandedFrom = from.expandedFrom;
        source = from.source;
        rights = from.rights;
        local = from.local;
        user = from.user;
        domain = from.domain;
        extension = from.extension;
        unmatched = from.unmatched;
    }

    /** One step further down. */
    Standing deeper() {
        return new Standing(this, level + 1);
    }

    /** What is inside of it, on the same step. */
    Standing inside() {
        return new Standing(this, level);
    }

    EnvelopeRecipient recipient() {
        boolean isSame = given.isEmpty() || given.equalsIgnoreCase(address.external());
        return new EnvelopeRecipient(address, notifyBits, originalRecipient, isSame ? null : given);
    }

    /** Nobody confirms for those that an alias stands for (RFC 3461 §5.2.7.1). */
    void forgetSuccess() {
        notifyBits = notifyBits == DsnNotify.SUCCESS ? DsnNotify.NEVER : notifyBits & ~DsnNotify.SUCCESS;
    }

    boolean wantsSuccess() {
        return DsnNotify.wantsSuccess(notifyBits);
    }

    String deliveredTo() {
        MailAddress told = delivered;
        return (told == null ? address : told).external();
    }
}
