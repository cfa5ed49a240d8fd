// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.WireBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Steps as filters and signers will be. */
public final class TestSteps {
    /** What {@link #hashing} adds. */
    public static final String HASH_FIELD = "X-Body-Hash";

    private TestSteps() {}

    /** All that a server does, and that behind it. */
    public static IntakeSettings settings(IntakeStep... added) {
        List<IntakeStep> steps = new ArrayList<>(IntakeStep.ALL);
        steps.addAll(List.of(added));
        return settings(steps);
    }

    /** One step, all that a server does, and those behind it. */
    public static IntakeSettings settingsWithFirst(IntakeStep first, List<IntakeStep> added) {
        List<IntakeStep> steps = new ArrayList<>(List.of(first));
        steps.addAll(IntakeStep.ALL);
        steps.addAll(added);
        return settings(steps);
    }

    private static IntakeSettings settings(List<IntakeStep> steps) {
        return new IntakeSettings(
                "mx.b.test",
                "Stafette",
                50,
                102_400,
                AddressRules.NONE,
                false,
                DroppedFields.DEFAULT,
                false,
                "",
                Set.of(),
                "",
                null,
                null,
                false,
                new IntakeSteps(steps));
    }

    /** Puts the SHA-256 of the body's content on top. */
    public static IntakeStep hashing() {
        return new MessageStep() {
            @Override
            public IntakeStep begin(MessageDraft message) {
                return new Hashing();
            }

            @Override
            public StepOutcome apply(MessageDraft message) {
                throw new IllegalStateException("not begun");
            }
        };
    }

    /** Of one message; it keeps no more than a piece. */
    private static final class Hashing implements IntakeStep {
        private final MessageDigest digest = sha256();
        private final WireBody decoder = new WireBody(false);

        @Override
        public boolean readsContent() {
            return true;
        }

        @Override
        public void onContent(ByteBuf piece) {
            ByteBuf text = Unpooled.buffer(piece.readableBytes());
            decoder.decode(piece, text);
            digest.update(text.nioBuffer());
        }

        @Override
        public StepOutcome apply(MessageDraft message) {
            message.header().prepend(HASH_FIELD, HexFormat.of().formatHex(digest.digest()));
            return StepOutcome.DONE;
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does that and nothing else. */
    static IntakeStep doing(Function<MessageDraft, StepOutcome> body) {
        return body::apply;
    }

    /** Answers when the test says so; one message at a time. */
    public static final class Slow implements IntakeStep {
        private final Duration answerTimeMax;

        /** Written by the event loop, read by the test. */
        private volatile @Nullable StepAnswer asked;

        public Slow(Duration answerTimeMax) {
            this.answerTimeMax = answerTimeMax;
        }

        @Override
        public StepOutcome apply(MessageDraft message) {
            if (message.header().find("X-Slow", 0) < 0) {
                return StepOutcome.DONE;
            }
            asked = message.answersLater();
            return StepOutcome.LATER;
        }

        public boolean isAsked() {
            return asked != null;
        }

        public void answer(StepAnswer.Rest rest) {
            Objects.requireNonNull(asked).give(rest);
        }

        @Override
        public Duration answerTimeMax() {
            return answerTimeMax;
        }
    }
}
