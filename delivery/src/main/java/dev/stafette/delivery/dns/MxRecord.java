// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

/**
 * RFC 1035 §3.3.9.
 * Thread: any (a value).
 *
 * @param exchange in lower case without the final dot; empty for the root, a null MX (RFC 7505 §3)
 */
public record MxRecord(int preference, String exchange) {}
