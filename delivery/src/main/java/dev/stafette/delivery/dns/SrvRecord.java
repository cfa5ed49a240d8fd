// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

/**
 * RFC 2782.
 * Thread: any (a value).
 *
 * @param target in lower case without the final dot; empty for the root: the service is decidedly not offered
 */
public record SrvRecord(int priority, int weight, int port, String target) {}
