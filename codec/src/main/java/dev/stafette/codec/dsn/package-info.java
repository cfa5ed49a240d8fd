// SPDX-License-Identifier: Apache-2.0
/** Delivery status notifications as messages (RFC 3462, 3464, 6533). Pure; the caller says what time it is. */
@NullMarked
package dev.stafette.codec.dsn;

import org.jspecify.annotations.NullMarked;
