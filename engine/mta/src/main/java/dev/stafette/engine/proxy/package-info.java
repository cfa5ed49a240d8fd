// SPDX-License-Identifier: Apache-2.0
/**
 * A filter in front of the queue: an SMTP server that gets each message of a service while its client waits, and whose answer is
 * the client's. Nothing of such a message is in the queue; what the filter lets through comes in at another service.
 *
 * <p>Thread: event loop of the session. It refuses to know sessions of clients.
 *
 * <p>In Postfix: smtpd_proxy_filter of smtpd(8).
 */
@NullMarked
package dev.stafette.engine.proxy;

import org.jspecify.annotations.NullMarked;
