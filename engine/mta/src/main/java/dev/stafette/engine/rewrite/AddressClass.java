// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

/** What a domain is to this host; the first that fits counts. */
public enum AddressClass {
    /** {@code mydestination}, an address literal of ours, or no domain: mail ends here. */
    LOCAL,
    /** {@code virtual_alias_domains}: each address stands for others, or for nobody. */
    VIRTUAL_ALIAS,
    /** {@code virtual_mailbox_domains}: mail ends here, in mailboxes of users without an account. */
    VIRTUAL_MAILBOX,
    /** {@code relay_domains}: mail is taken for it from anybody and passed on. */
    RELAY,
    /** Somewhere on the Internet. */
    OTHER,
    /** A table that would tell does not answer now: mail waits. */
    UNKNOWN
}
