// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.notice;

import dev.stafette.codec.message.MailDate;
import dev.stafette.codec.message.MessageIds;
import dev.stafette.codec.smtp.SmtpReply;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.CleanupServices;
import dev.stafette.engine.intake.IntakeListener;
import dev.stafette.engine.intake.IntakeLoop;
import dev.stafette.engine.intake.IntakeSettings;
import dev.stafette.engine.intake.MessageIntake;
import dev.stafette.engine.log.MailLog;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.storage.format.BodyRef;
import dev.stafette.storage.format.QueueId;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Writes to the postmaster of sessions that went wrong. A notice is junk mail: it is not sent when the queue is short of
 * space, and nobody waits for it.
 * Thread: the event loop of the intake.
 *
 * @param mailName {@code mail_name}
 * @param intake how notices come in
 */
public record Postmaster(NoticeSettings notices, String mailName, IntakeSettings intake) {
    private static final byte[] END = {'.', '\r', '\n'};

    /** {@code addresses}: completes those of main.cf. */
    public static Postmaster of(Settings settings, AddressRewriter addresses, CleanupServices cleanups) {
        return new Postmaster(
                NoticeSettings.of(settings, addresses),
                settings.text("mail_name"),
                cleanups.ofOurs(settings, "notify"));
    }

    public void tell(SessionNotice notice, IntakeLoop loop, MailLog log) {
        if (loop.queue().isShortOfSpace()) {
            log.warning("cleanup", "postmaster notify: queue is short of space");
            return;
        }
        long nowMs = System.currentTimeMillis();
        long id = loop.queue().nextQueueId(nowMs);
        NoticeClass reader = notice.isBounce() ? NoticeClass.BOUNCE : NoticeClass.PROTOCOL;
        NoticeText text = new NoticeText();
        header(notice, QueueId.format(id), nowMs, text);
        notice.print(text);
        byte[] bytes = text.bytes();
        boolean eightBit = hasEightBit(bytes);
        Arrival arrival = Arrival.ofReport(
                id, QueueId.format(id), nowMs, System.nanoTime(), notices.envelope(reader, eightBit, false), null);
        MessageIntake message = new MessageIntake(loop, intake, arrival, new End(log), log);
        message.room(bytes.length + END.length).writeBytes(bytes).writeBytes(END);
        message.end(eightBit ? BodyRef.EIGHT_BIT : 0);
    }

    /** In Postfix's order; the To field names who gets notices of errors, whoever gets this one. */
    private void header(SessionNotice notice, String queueId, long nowMs, NoticeText out) {
        String host = intake.hostName();
        String date = new MailDate(ZoneId.systemDefault()).text(nowMs);
        String from = "MAILER-DAEMON@" + host;
        String to = notices.reader(NoticeClass.PROTOCOL).address().external();
        out.line("Received: by " + host + " (" + mailName + ")");
        out.line("\tid " + queueId + "; " + date);
        out.line("Date: " + date);
        out.line("From: "
                + (intake.fromIsObsolete() ? from + " (Mail Delivery System)" : "Mail Delivery System <" + from + ">"));
        out.line("To: " + (intake.fromIsObsolete() ? to + " (Postmaster)" : "Postmaster <" + to + ">"));
        out.line("Subject: " + NoticeText.printable(mailName + " " + notice.subject()));
        out.line("Message-Id: " + MessageIds.text(nowMs, queueId, host));
        out.line("");
    }

    private static boolean hasEightBit(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return true;
            }
        }
        return false;
    }

    private record End(MailLog log) implements IntakeListener {
        @Override
        public void onRoom() {}

        @Override
        public void onEnd(@Nullable SmtpReply refusal) {
            if (refusal != null) {
                log.warning("cleanup", "postmaster notify: " + refusal.logText());
            }
        }
    }
}
