// SPDX-License-Identifier: Apache-2.0
/**
 * What is on disk, as bytes and as values: extents, envelopes, states, queue ids. Thread: any. The bytes are held
 * by tests: an upgrade is a decision.
 */
@NullMarked
package dev.stafette.storage.format;

import org.jspecify.annotations.NullMarked;
