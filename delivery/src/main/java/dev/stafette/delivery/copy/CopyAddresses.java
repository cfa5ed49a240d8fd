// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.copy;

/**
 * Whose copy it is, each address in its quoted form.
 * Thread: any (a value).
 *
 * @param sender empty: nobody who could be told
 * @param originalTo whom it was for before any rewriting; empty: not to be told
 * @param deliveredTo whom it is for
 */
public record CopyAddresses(String sender, String originalTo, String deliveredTo) {}
