// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.dns;

/**
 * What the cache goes by.
 * Thread: any (a value).
 *
 * @param authenticated asks the server whether it has validated the answer (DO, RFC 3225), and believes it (AD)
 */
record Question(String name, DnsType<?> type, boolean authenticated) {}
