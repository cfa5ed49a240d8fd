// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.authres.AuthenticationResults;
import dev.stafette.codec.dkim.ArcChain;
import dev.stafette.codec.dkim.ArcSealing;
import dev.stafette.codec.dkim.BodyHash;
import dev.stafette.codec.dkim.Canonicalization;
import dev.stafette.codec.dkim.MessageSignature;
import dev.stafette.codec.dkim.SignatureTags;
import dev.stafette.codec.dkim.SignedHeader;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.engine.dkim.KeyWork;
import dev.stafette.engine.dkim.SealingKey;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.MessageStep;
import dev.stafette.engine.intake.SendingClient;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Vouches for what was found out of a message, for those whom it is forwarded to (RFC 8617 §5.1). The last step: what it signs is
 * what goes out. It goes by our own Authentication-Results field, since the verification has left no other in our name.
 * Thread: event loop.
 */
final class SealingStep implements MessageStep {
    private static final long MS_PER_S = 1000;
    private static final Pattern CHAIN_RESULT = Pattern.compile("[;\\s]arc=(none|pass|fail)\\b");

    private final SealingKey key;
    private final String id;
    private final List<String> signedFields;
    private final KeyWork work;

    /** {@code id}: whose results they are. */
    SealingStep(SealingKey key, String id, List<String> signedFields, Executor threads) {
        this.key = key;
        this.id = id;
        this.signedFields = new ArrayList<>(signedFields);
        this.signedFields.add(MessageSignature.FIELD);
        this.work = new KeyWork("seal", threads);
    }

    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance == Entrance.SMTP;
    }

    @Override
    public IntakeStep begin(MessageDraft message) {
        SendingClient client = message.arrival().client();
        return client != null && client.isStranger() ? new OfMessage() : this;
    }

    /** Of a message that is not a stranger's. */
    @Override
    public StepOutcome apply(MessageDraft message) {
        return StepOutcome.DONE;
    }

    private @Nullable String ownResults(HeaderFields header) {
        int index = header.find(AuthenticationResults.FIELD, 0);
        if (index < 0 || !AuthenticationResults.idOf(header.value(index)).equalsIgnoreCase(id)) {
            return null;
        }
        return header.value(index);
    }

    private final class OfMessage implements IntakeStep {
        private final BodyHash body = new BodyHash(Canonicalization.RELAXED);

        @Override
        public boolean readsContent() {
            return true;
        }

        @Override
        public void onContent(ByteBuf piece) {
            body.add(piece);
        }

        @Override
        public StepOutcome apply(MessageDraft message) {
            String results = ownResults(message.header());
            Matcher validation = CHAIN_RESULT.matcher(results == null ? "" : results);
            if (results == null || !validation.find()) {
                return StepOutcome.DONE;
            }
            ArcChain chain = ArcChain.of(message.header());
            if (chain.count() >= ArcChain.SETS_MAX || chain.isSealedAsBroken()) {
                return StepOutcome.DONE;
            }
            SignedHeader header = SignedHeader.of(message.header(), Canonicalization.RELAXED, signedFields, List.of());
            ArcSealing sealing = ArcSealing.of(header, chain, tags(message), validation.group(1), results, body.end());
            return work.begin(message, key.isQuick(), () -> sealed(sealing));
        }

        private SignatureTags tags(MessageDraft message) {
            return new SignatureTags(
                    key.algorithm(),
                    Canonicalization.RELAXED,
                    key.domain(),
                    key.selector(),
                    message.arrival().arrivalMs() / MS_PER_S,
                    0);
        }
    }

    /** Thread: any. */
    private StepAnswer.Rest sealed(ArcSealing sealing) throws GeneralSecurityException {
        byte[] signature = key.sign(List.of(sealing.signedBytes()));
        byte[] seal = key.sign(sealing.sealedBytes(signature));
        return message -> {
            sealing.write(seal, message.header());
            return StepOutcome.DONE;
        };
    }
}
