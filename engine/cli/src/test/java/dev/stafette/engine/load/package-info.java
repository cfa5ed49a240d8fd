// SPDX-License-Identifier: Apache-2.0
/** Tests of the load source and the sink. */
@NullMarked
package dev.stafette.engine.load;

import org.jspecify.annotations.NullMarked;
