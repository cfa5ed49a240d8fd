// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery;

import dev.stafette.codec.envelope.EnvelopeRecipient;

/**
 * What became of one of those that a recipient stood for.
 * Thread: any (a value).
 *
 * @param service of master.cf that did it
 */
public record DeliveryPart(EnvelopeRecipient recipient, String service, DeliveryOutcome outcome) {}
