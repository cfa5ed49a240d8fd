// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

/**
 * The present state of a message, for the journal to carry it into a new generation.
 * Thread: queue agent (a value).
 *
 * @param states one a recipient of the envelope, in its order
 */
public record LiveMessage(BodyRef body, boolean held, RecipientState[] states) {}
