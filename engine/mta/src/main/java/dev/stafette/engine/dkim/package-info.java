// SPDX-License-Identifier: Apache-2.0
/**
 * Signs messages with DKIM as they come in, once each (RFC 6376, RFC 8463): whose mail, with which keys, by whose threads.
 *
 * <p>Thread: the event loop of a message for all but a signature that takes its time. It refuses to know sessions: a message says of itself
 * whether it is ours.
 *
 * <p>Beside Postfix: what the opendkim(8) milter does there.
 */
@NullMarked
package dev.stafette.engine.dkim;

import org.jspecify.annotations.NullMarked;
