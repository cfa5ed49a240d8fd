// SPDX-License-Identifier: Apache-2.0
/** The queue agent on the test's thread: real storage and reports, a fake way out, time that the test moves. */
@NullMarked
package dev.stafette.engine.queue;

import org.jspecify.annotations.NullMarked;
