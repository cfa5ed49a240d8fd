// SPDX-License-Identifier: Apache-2.0
package dev.stafette.storage.journal;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.LiveMessage;
import dev.stafette.storage.format.RecipientState;
import dev.stafette.storage.format.RecoveryListener;
import dev.stafette.storage.format.TakenOver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes down what a replay tells. */
final class Replayed implements RecoveryListener {
    /** Nothing is in segments. */
    static final TailSource NO_TAILS = (generation, behindSequence, segment, offset) -> List.of();

    private final List<String> text = new ArrayList<>();

    List<String> text() {
        return text;
    }

    @Override
    public void onMessage(long queueId, long arrivalMs, Envelope envelope, LiveMessage message) {
        String marks = (message.held() ? "H" : "") + (message.expiring() ? "E" : "") + (message.warned() ? "W" : "");
        text.add("message " + queueId + " " + arrivalMs + " " + envelope + " " + message.body() + " "
                + (marks.isEmpty() ? "-" : marks) + " " + Arrays.toString(message.states()));
    }

    @Override
    public void onState(long queueId, int recipientIndex, RecipientState state) {
        text.add("state " + queueId + " " + recipientIndex + " " + state);
    }

    @Override
    public void onHeld(long queueId, boolean held) {
        text.add("held " + queueId + " " + held);
    }

    @Override
    public void onExpiring(long queueId) {
        text.add("expiring " + queueId);
    }

    @Override
    public void onWarned(long queueId) {
        text.add("warned " + queueId);
    }

    @Override
    public void onTakenOver(long queueId, TakenOver takenOver) {
        text.add("taken over by " + queueId + " " + takenOver);
    }

    @Override
    public void onMoved(long queueId, BodyRef body) {
        text.add("moved " + queueId + " " + body);
    }

    @Override
    public void onRemoved(long queueId) {
        text.add("removed " + queueId);
    }

    @Override
    public @Nullable BodyRef bodyOf(long queueId) {
        return null;
    }

    @Override
    public void forEachLive(Consumer<BodyRef> live) {
        // Nothing is kept.
    }

    @Override
    public void onQuarantined(Path where, String why) {
        text.add("quarantined " + why);
    }
}
