// SPDX-License-Identifier: Apache-2.0
/** The way out that leads nowhere: Postfix's discard(8). Thread: any; it answers at once. */
@NullMarked
package dev.stafette.delivery.discard;

import org.jspecify.annotations.NullMarked;
