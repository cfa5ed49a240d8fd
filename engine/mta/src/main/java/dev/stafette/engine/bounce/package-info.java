// SPDX-License-Identifier: Apache-2.0
/**
 * Non-delivery reports: composed by {@code codec.dsn}, sent into the queue like any message, with the null sender.
 * Thread: workers. RFC 3464, RFC 5321 §6.1.
 *
 * <p>In Postfix: bounce(8), which is defer(8) and trace(8), too.
 */
@NullMarked
package dev.stafette.engine.bounce;

import org.jspecify.annotations.NullMarked;
