// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.format;

import dev.stafette.codec.envelope.Envelope;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Hears the journal again, in its order. It builds the index from it, so that memory need not hold every message.
 * Thread: start-up only.
 */
public interface RecoveryListener {
    /** A message, or once more the same one with newer states: an upsert. */
    void onMessage(long queueId, long arrivalMs, Envelope envelope, LiveMessage message);

    void onState(long queueId, int recipientIndex, RecipientState state);

    void onHeld(long queueId, boolean held);

    /** Its time is up, whatever its age; that is not taken back. */
    void onExpiring(long queueId);

    /** Its sender has been told that it is late. */
    void onWarned(long queueId);

    /** The message of that id was accepted, and has taken this over from an older one, which may be gone. */
    void onTakenOver(long queueId, TakenOver takenOver);

    /** Its body lies elsewhere now. */
    void onMoved(long queueId, BodyRef body);

    /** Unknown ids are ignored. */
    void onRemoved(long queueId);

    /** Where the message's body is; null when there is no such message. */
    @Nullable
    BodyRef bodyOf(long queueId);

    /** The journal has been read: every message that is left is live, and is to be told to {@code live}. */
    void forEachLive(java.util.function.Consumer<BodyRef> live);

    /** Damage was found; what could not be used is kept there. */
    void onQuarantined(Path where, String why);
}
