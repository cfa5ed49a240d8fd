// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.rewrite.AddressClass;

/**
 * What is known of the recipient that a client asks for.
 * Thread: any (a value).
 *
 * @param recipient as the client gave it, for the answer
 * @param target where it goes after rewriting
 * @param targetClass of {@code target}
 * @param isRouted the client wrote a route into the local part
 */
public record RecipientFacts(MailAddress recipient, MailAddress target, AddressClass targetClass, boolean isRouted) {
    /** RFC 5321 §4.5.1. */
    boolean isBarePostmaster() {
        return recipient.domain().isEmpty() && recipient.localPart().equalsIgnoreCase("postmaster");
    }
}
