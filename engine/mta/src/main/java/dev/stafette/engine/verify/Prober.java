// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.verify;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.message.ReceivedHeader;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.Entrance;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.table.Inquiry;
import dev.stafette.storage.format.QueueId;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends probes: messages without content, which come in as all mail does.
 * Thread: event loop, that of its intake.
 */
public final class Prober implements ProbeWay {
    /** Of messages that have none: any will do. */
    public static final long BODY_BYTES_MAX = 1 << 20;

    private static final byte[] NO_CONTENT = {'.', '\r', '\n'};

    private final IntakeLoop loop;
    private final MailLog log;

    public Prober(IntakeLoop loop, MailLog log) {
        this.loop = loop;
        this.log = log;
    }

    @Override
    public long send(String address, VerifySettings settings, long nowMs, LongConsumer refused) {
        long queueId = loop.queue().nextQueueId(nowMs);
        String queueIdText = QueueId.format(queueId);
        MailAddress asked = AddressList.split(address);
        EnvelopeRecipient recipient =
                new EnvelopeRecipient(asked).at(settings.rewriter().recipient(asked, Inquiry.AT_ONCE));
        Envelope envelope = new Envelope(
                settings.sender().at(nowMs / 1000),
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.PROBE,
                null,
                List.of(recipient));
        Arrival arrival = new Arrival(
                Entrance.PROBE,
                queueId,
                queueIdText,
                nowMs,
                System.nanoTime(),
                envelope,
                ReceivedHeader.ofHost(
                        settings.intake().hostName(), settings.intake().mailName()),
                true);
        MessageIntake intake = new MessageIntake(loop, settings.intake(), arrival, new End(queueId, refused), log);
        intake.room(NO_CONTENT.length).writeBytes(NO_CONTENT);
        intake.end(0);
        return queueId;
    }

    private record End(long queueId, LongConsumer refused) implements IntakeListener {
        @Override
        public void onRoom() {}

        @Override
        public void onEnd(@Nullable SmtpReply refusal) {
            if (refusal != null) {
                refused.accept(queueId);
            }
        }
    }
}
