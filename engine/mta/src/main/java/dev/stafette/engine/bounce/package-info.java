// SPDX-License-Identifier: Apache-2.0
/**
 * Non-delivery reports: composed by {@code codec.dsn}, sent into the queue like any message, with the null sender.
 * Thread: workers. RFC 3464, RFC 5321 §6.1.
 */
@NullMarked
package dev.stafette.engine.bounce;

import org.jspecify.annotations.NullMarked;
