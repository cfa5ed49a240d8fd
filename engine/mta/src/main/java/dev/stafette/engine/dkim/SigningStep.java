// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.dkim;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dkim.BodyHash;
import dev.stafette.codec.dkim.MessageSignature;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.codec.smtp.SmtpPhrasebook;
import dev.stafette.engine.dkim.KeyChoice.Chosen;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeStep;
import dev.stafette.engine.intake.MessageDraft;
import dev.stafette.engine.intake.MessageStep;
import dev.stafette.engine.intake.StepAnswer;
import dev.stafette.engine.intake.StepOutcome;
import dev.stafette.engine.table.Inquirer;
import dev.stafette.engine.table.PatientInquiry;
import io.netty.buffer.ByteBuf;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts DKIM signatures on top of messages that are ours: the body is hashed as it comes, and when the header is as it will go
 * out, the signatures are made: those that take their time beside the event loop. What cannot be signed that should be is refused for now.
 * Thread: event loop.
 */
final class SigningStep implements MessageStep {
    private static final Logger LOG = LoggerFactory.getLogger(SigningStep.class);

    /** Of the From field; its first address is the author. */
    private static final int WORDS_MAX = 1000;

    /** More than these together hold the event loop for too long. */
    private static final int QUICK_KEYS_MAX = 4;

    private final Signer signer;
    private final KeyWork work;

    SigningStep(Signer signer, Executor threads) {
        this.signer = signer;
        this.work = new KeyWork("signature", threads);
    }

    /** Mail that comes out of the queue again has its signatures, and nobody reads a probe. */
    @Override
    public boolean appliesTo(Entrance entrance) {
        return entrance != Entrance.REQUEUE && entrance != Entrance.FORWARD && entrance != Entrance.PROBE;
    }

    @Override
    public IntakeStep begin(MessageDraft message) {
        return message.arrival().isOurs() ? new OfMessage() : this;
    }

    /** Of a message that is not ours. */
    @Override
    public StepOutcome apply(MessageDraft message) {
        return StepOutcome.DONE;
    }

    /** Null where there is none that has a domain. */
    private static @Nullable MailAddress author(HeaderFields header) {
        int index = header.find(HeaderName.FROM, 0);
        if (index < 0) {
            return null;
        }
        List<AddressList.Item> items = AddressList.parse(header.value(index), WORDS_MAX, 1);
        if (items.isEmpty()) {
            return null;
        }
        MailAddress author = AddressList.split(items.get(0).address());
        return author.domain().isEmpty() ? null : author;
    }

    private final class OfMessage implements IntakeStep {
        private final BodyHash body = new BodyHash(signer.body());

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
            MailAddress author = author(message.header());
            if (author == null) {
                return StepOutcome.DONE;
            }
            Inquirer inquirer = message.inquirer();
            PatientInquiry inquiry = inquirer.begin();
            Chosen chosen = signer.choice().of(author, inquiry);
            if (!inquiry.isWaiting()) {
                return sign(message, chosen);
            }
            StepAnswer answer = message.answersLater();
            inquirer.await(
                    inquiry,
                    again -> signer.choice().of(author, again),
                    found -> answer.give(waiting -> sign(waiting, found)),
                    mistake -> {
                        LOG.error("keys of a message", mistake);
                        answer.give(waiting -> StepOutcome.refuse(SmtpPhrasebook.ADDRESS_LOOKUP));
                    });
            return StepOutcome.LATER;
        }

        private StepOutcome sign(MessageDraft message, Chosen chosen) {
            if (chosen.trouble() != null) {
                return KeyWork.refuse(message, chosen.trouble());
            }
            List<SigningKey> keys = chosen.keys();
            if (keys.isEmpty()) {
                return StepOutcome.DONE;
            }
            List<MessageSignature> signatures = signer.signatures(
                    message.header(),
                    chosen.domain(),
                    keys,
                    body.end(),
                    message.arrival().arrivalMs());
            return work.begin(message, areQuick(keys), () -> signed(keys, signatures));
        }
    }

    private static boolean areQuick(List<SigningKey> keys) {
        if (keys.size() > QUICK_KEYS_MAX) {
            return false;
        }
        for (SigningKey key : keys) {
            if (!key.isQuick()) {
                return false;
            }
        }
        return true;
    }

    /** Thread: any. */
    private static StepAnswer.Rest signed(List<SigningKey> keys, List<MessageSignature> signatures)
            throws GeneralSecurityException {
        List<byte[]> signed = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            signed.add(keys.get(i).sign(signatures.get(i)));
        }
        return message -> {
            for (int i = signed.size() - 1; i >= 0; i--) {
                signatures.get(i).write(signed.get(i), message.header().newField());
                message.header().put(0);
            }
            return StepOutcome.DONE;
        };
    }
}
