// SPDX-License-Identifier: Apache-2.0
/**
 * Questions to the DNS (RFC 1034, 1035, 2308, 6891), as a stub resolver asks them: servers in turn, UDP first and TCP for
 * what does not fit, aliases followed, answers kept for as long as they may be. Whoever asks knows {@link
 * dev.stafette.delivery.dns.Dns} alone.
 *
 * <p>Thread: event loop. Each loop has one client with one cache, which all that run on the loop share. Packets are
 * Netty's, messages dnsjava's, whose types stay in here. The package refuses to know what an answer is wanted for.
 */
@NullMarked
package dev.stafette.delivery.dns;

import org.jspecify.annotations.NullMarked;
