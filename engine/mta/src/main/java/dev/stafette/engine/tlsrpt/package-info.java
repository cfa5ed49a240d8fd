// SPDX-License-Identifier: Apache-2.0
/**
 * Reports to domains of what came of TLS with their servers (TLSRPT, RFC 8460): counts it a day long, keeps the counts in a
 * file, and sends each domain that asks for it a report when the day is over, by mail or over HTTPS. Postfix leaves that to
 * programs beside smtp(8). It is told of sessions, and knows nothing of how they went.
 * Thread: one event loop counts; workers write and pack.
 */
@NullMarked
package dev.stafette.engine.tlsrpt;

import org.jspecify.annotations.NullMarked;
