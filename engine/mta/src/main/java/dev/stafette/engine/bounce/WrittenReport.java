// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.QueueId;
import io.netty.buffer.ByteBuf;

/**
 * A report before it is handed over.
 * Thread: any (a value).
 *
 * @param nowMs when it was written, ms since 1970
 * @param content in stored form; whoever hands it over, or does not, releases it
 * @param bodyFlags of {@code BodyRef}
 */
record WrittenReport(Letter letter, long queueId, long nowMs, Envelope envelope, ByteBuf content, int bodyFlags) {
    String queueIdText() {
        return QueueId.format(queueId);
    }
}
