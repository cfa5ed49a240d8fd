// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage;

import dev.stafette.codec.envelope.Envelope;

/** What the first extent of a body says of its message. Thread: any (a value). */
public record StoredBody(long queueId, long arrivalMs, Envelope envelope) {}
