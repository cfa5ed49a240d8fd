// SPDX-License-Identifier: Apache-2.0
/** Message bodies in segments of a fixed size: reserving, recycling, pinning. Thread: queue agent for places and counts, any for pins. */
@NullMarked
package dev.stafette.storage.body;

import org.jspecify.annotations.NullMarked;
