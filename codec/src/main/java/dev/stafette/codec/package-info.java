// SPDX-License-Identifier: Apache-2.0
/**
 * The language of mail: bytes to values and back. Parses, prints and canonicalises what RFC 5321, 5322, 3461, 3463 and
 * 3464 define.
 *
 * <p>Pure functions and small state machines; no thread of its own, and it refuses to know sockets, files, clocks and
 * configuration. A {@code ByteBuf} parameter is borrowed until return unless the name says {@code take}.
 */
@NullMarked
package dev.stafette.codec;

import org.jspecify.annotations.NullMarked;
