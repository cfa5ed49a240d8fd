// SPDX-License-Identifier: Apache-2.0
/** Tests of what is known of addresses. */
@NullMarked
package dev.stafette.engine.verify;

import org.jspecify.annotations.NullMarked;
