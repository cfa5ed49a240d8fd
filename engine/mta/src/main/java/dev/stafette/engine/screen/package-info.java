// SPDX-License-Identifier: Apache-2.0
/**
 * Screening before a session costs anything: who speaks before it is greeted, who is in a DNS list, and, where that is
 * wanted, who speaks the protocol badly. Who passes gets a session of {@link dev.stafette.engine.smtp} on the same channel,
 * and passes at once for a while; others talk to a server that takes no mail.
 *
 * <p>Thread: event loop. A connection that waits has a few small objects and no buffers. It refuses to know what a session
 * does. RFC 5321 §3.1, RFC 5782.
 *
 * <p>In Postfix: postscreen(8), dnsblog(8).
 */
@NullMarked
package dev.stafette.engine.screen;

import org.jspecify.annotations.NullMarked;
