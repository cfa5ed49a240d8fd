// SPDX-License-Identifier: Apache-2.0
/** Tests of the way into the queue, and a queue to look into. */
@NullMarked
package dev.stafette.engine.intake;

import org.jspecify.annotations.NullMarked;
