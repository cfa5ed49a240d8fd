// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.match;

/**
 * Whether a list that has a domain has the domains below it.
 * Thread: any (a value).
 */
public enum Subdomains {
    /** Never: the list has what it writes, as {@code mydestination} does. */
    NONE,
    /** {@code .example.com} is the domains below {@code example.com}. */
    DOTTED,
    /** {@code example.com} has its own (parent_domain_matches_subdomains). */
    WITH_PARENT;

    static Subdomains of(boolean parentMatches) {
        return parentMatches ? WITH_PARENT : DOTTED;
    }
}
