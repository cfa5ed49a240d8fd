// SPDX-License-Identifier: Apache-2.0
/**
 * The header of a message (RFC 5322): what a relay reads in it, and the few lines a relay adds.
 *
 * <p>Works on slices of the stored wire form; never copies a body, never looks at one.
 */
@NullMarked
package dev.stafette.codec.message;

import org.jspecify.annotations.NullMarked;
