// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

/**
 * What a server is known for, and how it is dealt with.
 * Thread: any (a value).
 *
 * @param hidden what EHLO may offer in vain: bits of EhloCapabilities ({@code smtp_discard_ehlo_keywords})
 * @param hiddenText what is logged of that; empty: nothing
 * @param workarounds for a server behind a PIX firewall, which shows by its greeting ({@code smtp_pix_workarounds})
 */
public record ServerTraits(int hidden, String hiddenText, PixWorkarounds workarounds) {
    /** Of a server of which nothing is known. */
    public static final ServerTraits USUAL = new ServerTraits(0, "", PixWorkarounds.ALL);

    static final ServerTraits NONE = new ServerTraits(0, "", PixWorkarounds.NONE);
}
