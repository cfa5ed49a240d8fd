// SPDX-License-Identifier: Apache-2.0
/** Tests of the mail log. */
@NullMarked
package dev.stafette.engine.log;

import org.jspecify.annotations.NullMarked;
