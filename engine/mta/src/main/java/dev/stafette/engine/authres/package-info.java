// SPDX-License-Identifier: Apache-2.0
/**
 * What can be proved of a message that strangers bring: DKIM (RFC 6376), SPF (RFC 7208), DMARC (RFC 7489) and ARC (RFC 8617), told
 * in an Authentication-Results field (RFC 8601), and what follows from it.
 *
 * <p>Thread: the event loop of a message for all but the arithmetic of signatures. Off, it costs nothing.
 *
 * <p>Beside Postfix: what the opendkim(8), opendmarc(8) and openarc(8) milters do there.
 */
@NullMarked
package dev.stafette.engine.authres;

import org.jspecify.annotations.NullMarked;
