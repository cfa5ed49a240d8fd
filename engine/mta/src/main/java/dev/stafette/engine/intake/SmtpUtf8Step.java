// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.storage.format.BodyRef;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.util.List;

/**
 * Finds out that a message needs SMTPUTF8 (RFC 6531), for those who could not say so: smtputf8_autodetect_classes.
 * Thread: event loop.
 */
final class SmtpUtf8Step implements IntakeStep {
    private static final ByteProcessor IS_ASCII = value -> value >= 0;

    @Override
    public boolean appliesTo(Entrance entrance) {
        return true;
    }

    @Override
    public StepOutcome apply(MessageDraft message) {
        Envelope envelope = message.envelope();
        boolean mayNeed = !envelope.smtpUtf8()
                && message.settings()
                        .detectsSmtpUtf8()
                        .contains(message.arrival().entrance());
        if (mayNeed && (isInternational(envelope) || isInternational(message.header()))) {
            message.setEnvelope(envelope.withSmtpUtf8());
        }
        return StepOutcome.DONE;
    }

    /** Of {@code BodyRef}, for a message that was declared to need it. */
    static int bodyFlags(Envelope envelope, HeaderFields header) {
        return envelope.smtpUtf8() && !isInternational(header) ? BodyRef.ASCII_HEADER : 0;
    }

    private static boolean isInternational(Envelope envelope) {
        List<EnvelopeRecipient> recipients = envelope.recipients();
        for (int i = 0; i < recipients.size(); i++) {
            if (!recipients.get(i).address().isAscii()) {
                return true;
            }
        }
        return !envelope.sender().isAscii();
    }

    private static boolean isInternational(HeaderFields header) {
        for (int i = 0; i < header.count(); i++) {
            ByteBuf in = header.bytes(i);
            int start = header.start(i);
            if (in.forEachByte(start, header.end(i) - start, IS_ASCII) >= 0) {
                return true;
            }
        }
        return false;
    }
}
