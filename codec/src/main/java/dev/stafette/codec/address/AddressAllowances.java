// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.address;

import org.jspecify.annotations.Nullable;

/**
 * What is no address in an envelope, but is taken for one where somebody wants it.
 * Thread: any (a value).
 *
 * @param optionLike allow_min_user: a local part that a command could take for an option
 * @param numericDomain resolve_numeric_domain: an IP address without its brackets
 * @param nullDomain resolve_null_domain: what an empty domain stands for; null: it is none
 */
public record AddressAllowances(
        boolean optionLike, boolean numericDomain, @Nullable String nullDomain) {
    public static final AddressAllowances NONE = new AddressAllowances(false, false, null);

    /** As {@link AddressParser#domain}. */
    public @Nullable String domain(String text) {
        String name = DomainName.canonical(text);
        String literal = '[' + text + ']';
        return name == null && numericDomain && DomainName.isLiteral(literal) ? literal : name;
    }
}
