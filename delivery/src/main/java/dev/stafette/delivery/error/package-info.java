// SPDX-License-Identifier: Apache-2.0
/** The ways out that refuse: for good (error) or for now (retry). Postfix's error(8). Thread: any; they answer at once. */
@NullMarked
package dev.stafette.delivery.error;

import org.jspecify.annotations.NullMarked;
