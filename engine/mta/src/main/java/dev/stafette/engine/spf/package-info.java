// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a client may use a domain's name: the Sender Policy Framework (RFC 7208).
 *
 * <p>Thread: any; a check is straight code over an inquiry, made again when the DNS has answered. It refuses to know sessions
 * and what becomes of the message.
 *
 * <p>Beside Postfix: what policyd-spf(1) does there.
 */
@NullMarked
package dev.stafette.engine.spf;

import org.jspecify.annotations.NullMarked;
