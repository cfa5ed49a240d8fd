// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.admin;

import dev.stafette.engine.admin.QueuedMessage.QueueName;
import dev.stafette.storage.StoredBody;
import dev.stafette.storage.format.BodyRef;
import java.util.Set;

/**
 * A queued message with its whole envelope.
 * Thread: any (a value).
 *
 * @param waiting places of the recipients in the envelope who still wait
 */
public record QueuedEnvelope(QueueName queue, StoredBody stored, BodyRef body, Set<Integer> waiting)
        implements AnswerRow {
    public QueuedEnvelope {
        waiting = Set.copyOf(waiting);
    }
}
