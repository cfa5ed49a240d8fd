// SPDX-License-Identifier: Apache-2.0
/** The whole mail system beside Debian's Postfix, with the same configuration: who is refused, and where mail goes. */
@NullMarked
package dev.stafette.engine.comparison;

import org.jspecify.annotations.NullMarked;
