// SPDX-License-Identifier: Apache-2.0
/**
 * The header of a message (RFC 5322): what a relay reads in it, and the few lines a relay adds. And its content where
 * the next server cannot take it as it is (RFC 2045, 6152).
 *
 * <p>Works on slices of the stored wire form; never copies a body whole.
 */
@NullMarked
package dev.stafette.codec.message;

import org.jspecify.annotations.NullMarked;
