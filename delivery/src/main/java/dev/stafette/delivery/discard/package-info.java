// SPDX-License-Identifier: Apache-2.0
/** The way out that leads nowhere. */
@NullMarked
package dev.stafette.delivery.discard;

import org.jspecify.annotations.NullMarked;
