// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnReturn;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.codec.message.MailDate;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.storage.format.QueueId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts reports into the queue, as mail of our own, which is signed.
 * Thread: any; the event loop of the intake takes them over.
 *
 * @param intake how mail of our own comes in
 */
public record ReportMailbox(IntakeLoop loop, Supplier<IntakeSettings> intake, MailLog log) {
    /** Of reports in memory. */
    public static final long BODY_BYTES_MAX = 32 << 20;

    /** {@code then}: hears why it was not taken, or null; once, on the loop. */
    void send(DayReport report, byte[] packed, MailAddress reader, long nowMs, Consumer<@Nullable String> then) {
        long id = loop.queue().nextQueueId(nowMs);
        Envelope envelope = new Envelope(
                report.settings().contact(),
                false,
                false,
                DsnReturn.UNSPECIFIED,
                null,
                TraceMode.NONE,
                null,
                List.of(new EnvelopeRecipient(reader)));
        Arrival arrival = Arrival.ofReport(id, QueueId.format(id), nowMs, System.nanoTime(), envelope, null);
        byte[] content = ReportMail.content(report, packed, reader, new MailDate(ZoneOffset.UTC).text(nowMs));
        MessageIntake message = new MessageIntake(loop, intake.get(), arrival, new End(then), log);
        loop.execute(() -> {
            message.room(content.length).writeBytes(content);
            message.end(0);
        });
    }

    private record End(Consumer<@Nullable String> then) implements IntakeListener {
        @Override
        public void onRoom() {}

        @Override
        public void onEnd(@Nullable SmtpReply refusal) {
            then.accept(refusal == null ? null : refusal.logText());
        }
    }
}
