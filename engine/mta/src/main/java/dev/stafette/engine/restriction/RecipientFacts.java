// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.queue.Route;
import dev.stafette.engine.rewrite.AddressClass;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the recipient that a client asks for.
 * Thread: any (a value).
 *
 * @param recipient as the client gave it, for the answer
 * @param target where it goes after rewriting
 * @param targetClass of {@code target}
 * @param route of {@code target}; null: it leads on, or cannot be told
 * @param isRouted the local part of {@code target} may be a route for who gets it, and none is trusted (allow_untrusted_routing)
 * @param isReturn reports come to it: it exists, whatever tables say
 */
public record RecipientFacts(
        MailAddress recipient,
        MailAddress target,
        AddressClass targetClass,
        @Nullable Route route,
        boolean isRouted,
        boolean isReturn) {
    /** Of an address to which no reports come. */
    public RecipientFacts(
            MailAddress recipient,
            MailAddress target,
            AddressClass targetClass,
            @Nullable Route route,
            boolean isRouted) {
        this(recipient, target, targetClass, route, isRouted, false);
    }

    /** RFC 5321 §4.5.1. */
    boolean isBarePostmaster() {
        return recipient.domain().isEmpty() && recipient.localPart().equalsIgnoreCase("postmaster");
    }
}
